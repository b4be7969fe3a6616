"""Rows are found by an address, whatever its letters' case: an index each."""

import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0004_found_by_address'),
        ('vetting', '0004_what_it_waits_for'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='application',
            index=models.Index(django.db.models.functions.text.Lower('contact_email'), name='vetting_application_address'),
        ),
    ]
