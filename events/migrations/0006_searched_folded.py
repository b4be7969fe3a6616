"""What is searched stands folded beside what it is of: a long list is not folded again for each search."""

import core.folding
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_one_folding'),
        ('events', '0005_largest_party_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='event',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=core.folding.Fold(django.db.models.functions.text.Concat('title', models.Value(' '), 'summary', models.Value(' '), 'venue_name', output_field=models.TextField())), output_field=core.folding.FoldedText(), verbose_name='searched text'),
        ),
        migrations.AddField(
            model_name='registration',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=core.folding.Fold('name'), output_field=core.folding.FoldedText(), verbose_name='searched text'),
        ),
    ]
