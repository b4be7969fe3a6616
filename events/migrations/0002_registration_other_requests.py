from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="registration",
            name="other_requests",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="other requests for the same address"
            ),
        ),
    ]
