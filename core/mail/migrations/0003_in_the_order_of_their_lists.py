"""The list of addresses held back has an index behind each of its orders."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0002_lists_by_date'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['address', 'id'], name='mail_held_by_address'),
        ),
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['at', 'id'], name='mail_held_by_day'),
        ),
        migrations.AddIndex(
            model_name='suppression',
            index=models.Index(condition=models.Q(('lifted_at', None)), fields=['reason', 'id'], name='mail_held_by_reason'),
        ),
    ]
