"""What hinders a process is noted beside when it was last seen."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_what_people_type"),
    ]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="note",
            field=models.TextField(blank=True, verbose_name="what was wrong"),
        ),
    ]
