"""Names, states and web addresses are checked."""

import core.names
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0006_searched_folded'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='title',
            field=models.CharField(max_length=160, validators=[core.names.check], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='event',
            name='venue_name',
            field=models.CharField(help_text='Such as Lincoln Branch Library.', max_length=120, validators=[core.names.check], verbose_name='place'),
        ),
        migrations.AlterField(
            model_name='eventevent',
            name='title',
            field=models.CharField(max_length=160, validators=[core.names.check], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='eventevent',
            name='venue_name',
            field=models.CharField(help_text='Such as Lincoln Branch Library.', max_length=120, validators=[core.names.check], verbose_name='place'),
        ),
        migrations.AlterField(
            model_name='registration',
            name='name',
            field=models.CharField(max_length=120, validators=[core.names.check], verbose_name='name'),
        ),
    ]
