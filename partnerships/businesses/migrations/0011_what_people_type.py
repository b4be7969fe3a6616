"""Names, states and web addresses are checked."""

import core.links
import core.names
import core.postal
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0010_searched_folded'),
    ]

    operations = [
        migrations.AlterField(
            model_name='area',
            name='name',
            field=models.CharField(blank=True, max_length=100, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='business',
            name='name',
            field=models.CharField(help_text='As customers know it.', max_length=200, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='business',
            name='state',
            field=models.CharField(blank=True, max_length=2, validators=[core.postal.check_state], verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='business',
            name='website',
            field=models.URLField(blank=True, max_length=300, validators=[core.links.check_web_address], verbose_name='website'),
        ),
        migrations.AlterField(
            model_name='businessevent',
            name='name',
            field=models.CharField(help_text='As customers know it.', max_length=200, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='businessevent',
            name='state',
            field=models.CharField(blank=True, max_length=2, validators=[core.postal.check_state], verbose_name='state'),
        ),
        migrations.AlterField(
            model_name='businessevent',
            name='website',
            field=models.URLField(blank=True, max_length=300, validators=[core.links.check_web_address], verbose_name='website'),
        ),
        migrations.AlterField(
            model_name='contact',
            name='name',
            field=models.CharField(max_length=150, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='contactevent',
            name='name',
            field=models.CharField(max_length=150, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='industry',
            name='title',
            field=models.CharField(max_length=200, validators=[core.names.check], verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='legal_name',
            field=models.CharField(blank=True, max_length=200, validators=[core.names.check], verbose_name='legal name'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='name',
            field=models.CharField(max_length=200, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='organizationevent',
            name='legal_name',
            field=models.CharField(blank=True, max_length=200, validators=[core.names.check], verbose_name='legal name'),
        ),
        migrations.AlterField(
            model_name='organizationevent',
            name='name',
            field=models.CharField(max_length=200, validators=[core.names.check], verbose_name='name'),
        ),
    ]
