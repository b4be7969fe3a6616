"""Names, states and web addresses are checked."""

import core.names
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_searched_folded'),
    ]

    operations = [
        migrations.AlterField(
            model_name='user',
            name='full_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='full name'),
        ),
        migrations.AlterField(
            model_name='userevent',
            name='full_name',
            field=models.CharField(blank=True, max_length=150, validators=[core.names.check], verbose_name='full name'),
        ),
    ]
