"""Names, states and web addresses are checked."""

import core.links
import core.names
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vetting', '0008_in_the_order_of_their_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='application',
            name='confirmed_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='confirmed by'),
        ),
        migrations.AlterField(
            model_name='application',
            name='contact_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='your name'),
        ),
        migrations.AlterField(
            model_name='applicationevent',
            name='confirmed_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='confirmed by'),
        ),
        migrations.AlterField(
            model_name='applicationevent',
            name='contact_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='your name'),
        ),
        migrations.AlterField(
            model_name='criteriaversion',
            name='title',
            field=models.CharField(blank=True, max_length=120, validators=[core.names.check], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='evidence',
            name='url',
            field=models.URLField(blank=True, max_length=500, validators=[core.links.check_web_address], verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='selectioncriterion',
            name='title',
            field=models.CharField(max_length=80, validators=[core.names.check], verbose_name='title'),
        ),
    ]
