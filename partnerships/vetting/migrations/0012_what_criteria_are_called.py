"""What the list of single criteria is called beside that of their versions."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('vetting', '0011_mail_addresses'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='selectioncriterion',
            options={'ordering': ['version', 'position', 'pk'], 'verbose_name': 'selection criterion', 'verbose_name_plural': 'criteria one by one'},
        ),
    ]
