"""Mail is found by what it is about: the list of an event's mail."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0004_searched_folded'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['room', 'subject_id'], name='mail_about'),
        ),
    ]
