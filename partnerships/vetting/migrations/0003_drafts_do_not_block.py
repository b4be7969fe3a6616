"""One sent application for each organization, one draft for each applicant of it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("vetting", "0002_first_criteria"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="application", name="vetting_one_open_application"),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["submitted", "in_review", "action_needed", "appealed"])),
                fields=("organization",),
                name="vetting_one_sent_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")),
                fields=("organization", "applicant"),
                name="vetting_one_draft_each",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("applicant", None), ("status", "draft")),
                fields=("organization",),
                name="vetting_one_assisted_draft",
            ),
        ),
    ]
