"""The directory by name, and the newest of it: each has an index behind its order."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0005_ordered_by_the_areas_code'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='business',
            index=models.Index(condition=models.Q(('listed', True), ('standing', 'partner')), fields=['name', 'id'], name='businesses_listed_by_name'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(condition=models.Q(('listed', True), ('standing', 'partner')), fields=['-listed_at', 'id'], name='businesses_newest_listed'),
        ),
    ]
