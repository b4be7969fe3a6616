"""Which license’s word stands at a place of business, so that a file of older ones does not overwrite it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0011_what_people_type'),
    ]

    operations = [
        migrations.AddField(
            model_name='business',
            name='license_issued',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='latest license issued'),
        ),
    ]
