"""Selection criteria, version 1, published. The words stand in `first_criteria.py`."""

from django.db import migrations
from django.utils import timezone

from partnerships.vetting.first_criteria import CRITERIA, VERSION


def publish_first(apps, schema_editor):
    version_model = apps.get_model("vetting", "CriteriaVersion")
    criterion_model = apps.get_model("vetting", "SelectionCriterion")
    if version_model.objects.exists():
        return
    version = version_model.objects.create(**VERSION)
    for position, words in enumerate(CRITERIA):
        criterion_model.objects.create(version=version, position=position, **words)
    version_model.objects.filter(pk=version.pk).update(status="published", published_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("vetting", "0001_initial")]

    operations = [migrations.RunPython(publish_first, migrations.RunPython.noop)]
