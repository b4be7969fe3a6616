"""The lists of events have an index behind their orders by date, status and title."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0007_in_the_order_of_their_lists'),
        ('events', '0003_found_by_address'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='event',
            name='events_event_coming',
        ),
        migrations.AlterField(
            model_name='event',
            name='starts_at',
            field=models.DateTimeField(verbose_name='starts'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['starts_at', 'id'], name='events_event_by_date'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['status', 'starts_at', 'id'], name='events_event_coming'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['title', 'id'], name='events_event_by_title'),
        ),
    ]
