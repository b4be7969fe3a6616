"""What is searched stands folded beside what it is of: a long list is not folded again for each search."""

import core.folding
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0009_one_folding'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='contact',
            name='update_update',
        ),
        migrations.AddField(
            model_name='contact',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=core.folding.Fold(django.db.models.functions.text.Concat('name', models.Value(' '), 'email', output_field=models.TextField())), output_field=core.folding.FoldedText(), verbose_name='searched text'),
        ),
        migrations.AddField(
            model_name='organization',
            name='search_text',
            field=models.GeneratedField(db_persist=True, expression=core.folding.Fold(django.db.models.functions.text.Concat('name', models.Value(' '), 'legal_name', output_field=models.TextField())), output_field=core.folding.FoldedText(), verbose_name='searched text'),
        ),
        migrations.AlterField(
            model_name='business',
            name='search_text',
            field=core.folding.FoldedText(blank=True, default='', editable=False, verbose_name='searched text'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='contact',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."business_id" IS DISTINCT FROM (NEW."business_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."organization_id" IS DISTINCT FROM (NEW."organization_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."preferred_channel" IS DISTINCT FROM (NEW."preferred_channel") OR OLD."role_title" IS DISTINCT FROM (NEW."role_title") OR OLD."updated_at" IS DISTINCT FROM (NEW."updated_at") OR OLD."updated_by_name" IS DISTINCT FROM (NEW."updated_by_name"))', func='INSERT INTO "businesses_contactevent" ("business_id", "created_at", "email", "id", "language", "name", "note", "organization_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "preferred_channel", "role_title", "updated_at", "updated_by_name") VALUES (NEW."business_id", NEW."created_at", NEW."email", NEW."id", NEW."language", NEW."name", NEW."note", NEW."organization_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."preferred_channel", NEW."role_title", NEW."updated_at", NEW."updated_by_name"); RETURN NULL;', hash='c551e86cd1e52d731550ab93ebc1332105cebaaf', operation='UPDATE', pgid='pgtrigger_update_update_1137d', table='businesses_contact', when='AFTER')),
        ),
    ]
