"""The queue has an index behind its orders by stage, track and promise, open and closed."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0007_in_the_order_of_their_lists'),
        ('vetting', '0007_what_older_rows_wait_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('status__in', ['draft', 'submitted', 'in_review', 'action_needed', 'appealed']), _negated=True), fields=['promised_on', 'id'], name='vetting_application_closed'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['status', 'id'], name='vetting_application_stage'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['track', 'id'], name='vetting_application_track'),
        ),
    ]
