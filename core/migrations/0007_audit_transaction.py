"""The audit notes the time of its transaction; what was written before stays without one."""

import django.contrib.postgres.functions
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_what_people_type'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditentry',
            name='transaction_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='transaction'),
        ),
        # Apart: with a default from the first, PostgreSQL would give the old rows the time of this migration.
        migrations.AlterField(
            model_name='auditentry',
            name='transaction_at',
            field=models.DateTimeField(db_default=django.contrib.postgres.functions.TransactionNow(), editable=False, null=True, verbose_name='transaction'),
        ),
    ]
