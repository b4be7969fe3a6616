"""Words about the largest party."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0004_in_the_order_of_their_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='party_limit',
            field=models.PositiveSmallIntegerField(default=6, help_text='How many people one registration may bring. Never more than there are seats.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='largest party'),
        ),
        migrations.AlterField(
            model_name='eventevent',
            name='party_limit',
            field=models.PositiveSmallIntegerField(default=6, help_text='How many people one registration may bring. Never more than there are seats.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(50)], verbose_name='largest party'),
        ),
    ]
