"""The list of jobs has an index behind each of its orders."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='job',
            name='jobs_owner',
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['owner_id', 'id'], name='jobs_owner'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['status', '-id'], name='jobs_by_status'),
        ),
    ]
