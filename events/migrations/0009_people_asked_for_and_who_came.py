"""How many people a place in line was asked for, and how many of a party came."""

from django.conf import settings
from django.db import migrations, models


def as_they_wait(apps, schema_editor):
    """What waits now was asked for as it stands; older growth is not known."""
    rows = apps.get_model("events", "Registration").objects.filter(status="waitlisted")
    rows.update(asked_size=models.F("party_size"))


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0008_a_refusal_is_taken_back'),
        ('events', '0008_calls_to_make'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='registration',
            name='asked_size',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='people asked for, when it joined the line'),
        ),
        migrations.AddField(
            model_name='registration',
            name='came',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, help_text='Empty: all of them.', null=True, verbose_name='people who came'),
        ),
        migrations.AddConstraint(
            model_name='registration',
            constraint=models.CheckConstraint(condition=models.Q(('came', None), models.Q(('came__gte', 1), ('came__lte', models.F('party_size'))), _connector='OR'), name='events_came_of_party'),
        ),
        migrations.RunPython(as_they_wait, migrations.RunPython.noop),
    ]
