"""A condition that is waived says why."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vetting', '0009_what_people_type'),
    ]

    operations = [
        migrations.AddField(
            model_name='condition',
            name='waive_reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='why it was waived'),
        ),
    ]
