"""A day's reminders are noted at once: fewer indexes take part in that."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mail", "0005_about_what"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="reminder",
            name="mail_reminder_day",
        ),
        migrations.AlterField(
            model_name="reminder",
            name="key",
            field=models.CharField(max_length=250, verbose_name="key"),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="mail",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reminders",
                to="mail.outgoingmail",
                verbose_name="mail",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("mailed_on__isnull", False)),
                fields=["to", "mailed_on"],
                name="mail_reminder_day",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("mail__isnull", False)), fields=["mail"], name="mail_reminder_mail"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(fields=("key",), name="mail_reminder_key"),
        ),
    ]
