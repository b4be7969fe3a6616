"""Lists by name count the numbers in it as numbers: "Store 2" before "Store 10"."""

import core.folding
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


# One pass over the table, in place of an update of each row.
KEYS = """
ALTER TABLE businesses_business ALTER COLUMN area_code TYPE text COLLATE "C"
USING CASE WHEN area_code IS NOT NULL THEN core_in_order(area_code) END
"""
BACK = "ALTER TABLE businesses_business ALTER COLUMN area_code TYPE varchar(20) USING left(area_code, 20)"


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0010_names_in_order'),
        ('businesses', '0013_mail_addresses'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='area',
            options={'ordering': ['kind', 'code_key', '-valid_from'], 'verbose_name': 'area', 'verbose_name_plural': 'areas'},
        ),
        migrations.AlterModelOptions(
            name='business',
            options={'ordering': ['name_key', 'pk'], 'verbose_name': 'business', 'verbose_name_plural': 'businesses'},
        ),
        migrations.AlterModelOptions(
            name='organization',
            options={'ordering': ['name_key', 'pk'], 'verbose_name': 'organization', 'verbose_name_plural': 'organizations'},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='area',
            name='code_of_renamed',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='business',
            name='derive',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_by_name',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_by_area',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_by_standing',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_by_area_code',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_listed_by_name',
        ),
        migrations.AddField(
            model_name='area',
            name='code_key',
            field=models.GeneratedField(db_persist=True, expression=core.folding.InOrder('code'), output_field=models.TextField(db_collation='C'), verbose_name='its place in order'),
        ),
        migrations.AddField(
            model_name='business',
            name='name_key',
            field=models.GeneratedField(db_persist=True, expression=core.folding.InOrder('name'), output_field=models.TextField(db_collation='C'), verbose_name='its place in order'),
        ),
        migrations.AddField(
            model_name='organization',
            name='name_key',
            field=models.GeneratedField(db_persist=True, expression=core.folding.InOrder('name'), output_field=models.TextField(db_collation='C'), verbose_name='its place in order'),
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(KEYS, BACK)],
            state_operations=[
                migrations.AlterField(
                    model_name='business',
                    name='area_code',
                    field=models.TextField(blank=True, db_collation='C', editable=False, null=True, verbose_name="area's code, in order"),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['name_key', 'id'], name='businesses_by_name'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['area', 'name_key', 'id'], name='businesses_by_area'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['standing', 'name_key', 'id'], name='businesses_by_standing'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['area_code', 'name_key', 'id'], name='businesses_by_area_code'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(condition=models.Q(('listed', True), ('standing', 'partner')), fields=['name_key', 'id'], name='businesses_listed_by_name'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='area',
            trigger=pgtrigger.compiler.Trigger(name='code_of_renamed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code"))', func='UPDATE businesses_business SET area_code = NEW.code_key WHERE area_id = NEW.id; RETURN NULL;', hash='ec418f1fdbbe6d84e13aaca1f90c59f2e4cb941d', operation='UPDATE', pgid='pgtrigger_code_of_renamed_d8937', table='businesses_area', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='derive', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE org record;', func="SELECT name, legal_name, standing, lead_officer_id INTO org FROM businesses_organization WHERE id = NEW.organization_id; NEW.standing := COALESCE(org.standing, 'prospect'); NEW.lead_id := org.lead_officer_id; NEW.area_code := (SELECT code_key FROM businesses_area WHERE id = NEW.area_id); NEW.search_text := core_fold(concat_ws(' ', NEW.name, org.name, org.legal_name, NEW.street, NEW.city, NEW.postal_code)); IF NEW.slug = '' THEN NEW.slug := concat_ws('-', NULLIF(trim('-' FROM left(replace(trim(core_fold(NEW.name)), ' ', '-'), 80)), ''), NEW.id); END IF; RETURN NEW;", hash='d491da8c03c2dde44d59adb236fb0c0fa15001f2', operation='INSERT OR UPDATE', pgid='pgtrigger_derive_9d806', table='businesses_business', when='BEFORE')),
        ),
    ]
