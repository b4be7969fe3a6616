"""What is searched stands folded beside what it is of: a long list is not folded again for each search."""

import core.folding
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_one_folding'),
    ]

    operations = [
        migrations.AddField(
            model_name='auditentry',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=core.folding.Fold(django.db.models.functions.text.Concat('verb', models.Value(' '), 'actor_label', models.Value(' '), 'target_id', models.Value(' '), 'detail', models.Value(' '), 'request_id', output_field=models.TextField())), output_field=core.folding.FoldedText(), verbose_name='searched text'),
        ),
    ]
