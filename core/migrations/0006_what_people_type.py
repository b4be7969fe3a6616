"""Names, states and web addresses are checked."""

import core.names
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_searched_folded'),
    ]

    operations = [
        migrations.AlterField(
            model_name='dayoff',
            name='name',
            field=models.CharField(max_length=80, validators=[core.names.check], verbose_name='what for'),
        ),
        migrations.AlterField(
            model_name='department',
            name='name',
            field=models.CharField(default='Police Department', max_length=120, validators=[core.names.check], verbose_name='name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='product_name',
            field=models.CharField(default='Partnerships', max_length=60, validators=[core.names.check], verbose_name='name of this registry'),
        ),
        migrations.AlterField(
            model_name='department',
            name='short_name',
            field=models.CharField(default='Police', max_length=60, validators=[core.names.check], verbose_name='short name'),
        ),
        migrations.AlterField(
            model_name='department',
            name='unit_name',
            field=models.CharField(default='Community Partnerships Unit', max_length=120, validators=[core.names.check], verbose_name='unit'),
        ),
    ]
