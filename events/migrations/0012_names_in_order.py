"""Lists by name count the numbers in it as numbers: "Store 2" before "Store 10"."""

import core.folding
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0010_names_in_order'),
        ('businesses', '0014_names_in_order'),
        ('events', '0011_mail_addresses'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='event',
            name='events_event_by_title',
        ),
        migrations.AddField(
            model_name='event',
            name='title_key',
            field=models.GeneratedField(db_persist=True, expression=core.folding.InOrder('title'), output_field=models.TextField(db_collation='C'), verbose_name='its place in order'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['title_key', 'id'], name='events_event_by_title'),
        ),
    ]
