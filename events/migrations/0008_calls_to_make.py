"""Whoever has no address is called instead: the calls that the desk has to make."""

import core.clock
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0007_what_people_type'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PhoneCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('news', models.CharField(choices=[('moved', 'the event has a new time or place'), ('cancelled', 'the event is cancelled'), ('promoted', 'seats came free, and they are theirs'), ('too_large', 'the event has too few seats for all of them')], max_length=20, verbose_name='what to tell')),
                ('created_at', models.DateTimeField(default=core.clock.now, editable=False, verbose_name='since')),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='called')),
                ('done_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='called by')),
                ('registration', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='events.registration', verbose_name='registration')),
            ],
            options={
                'verbose_name': 'call to make',
                'verbose_name_plural': 'calls to make',
                'ordering': ['created_at', 'pk'],
                'indexes': [models.Index(condition=models.Q(('done_at', None)), fields=['created_at'], name='events_call_open')],
                'constraints': [models.UniqueConstraint(models.F('registration'), models.F('news'), condition=models.Q(('done_at', None)), name='events_one_open_call')],
            },
        ),
    ]
