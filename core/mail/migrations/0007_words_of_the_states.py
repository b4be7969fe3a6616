"""The states of mail on its way, in words that people use."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0006_noted_in_one_go'),
    ]

    operations = [
        migrations.AlterField(
            model_name='outgoingmail',
            name='status',
            field=models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'About to be sent'), ('attempting', 'Being sent'), ('sent', 'Sent'), ('failed', 'Failed'), ('unknown', 'Uncertain'), ('cancelled', 'No longer wanted')], default='waiting', editable=False, max_length=20, verbose_name='state'),
        ),
    ]
