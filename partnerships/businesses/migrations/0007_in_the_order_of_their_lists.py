"""The lists of claims have an index behind their order by age."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0006_the_directory_in_order'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('status', 'claimed')), fields=['created_at', 'id'], name='businesses_claims_waiting'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('status', 'claimed'), _negated=True), fields=['created_at', 'id'], name='businesses_claims_settled'),
        ),
    ]
