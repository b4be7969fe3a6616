"""Who waited by phone is called as the event begins: a kind of news for the calls to make."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0013_addresses_in_one_spelling'),
    ]

    operations = [
        migrations.AlterField(
            model_name='phonecall',
            name='news',
            field=models.CharField(choices=[('moved', 'the event has a new time or place'), ('cancelled', 'the event is cancelled'), ('promoted', 'seats came free, and they are theirs'), ('too_large', 'the event has too few seats for all of them'), ('no_seat', 'the event has begun, and no seat came free for them')], max_length=20, verbose_name='what to tell'),
        ),
    ]
