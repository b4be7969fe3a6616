"""Lists are ordered by the area's code, which stands at the place of business beside the area itself."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0004_found_by_address'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='business',
            name='derive',
        ),
        migrations.RemoveIndex(
            model_name='business',
            name='businesses_by_change',
        ),
        migrations.AddField(
            model_name='business',
            name='area_code',
            field=models.CharField(blank=True, editable=False, max_length=20, null=True, verbose_name="area's code"),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['area_code', 'name', 'id'], name='businesses_by_area_code'),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(fields=['updated_at', 'id'], name='businesses_by_change'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='area',
            trigger=pgtrigger.compiler.Trigger(name='code_of_renamed', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."code" IS DISTINCT FROM (NEW."code"))', func='UPDATE businesses_business SET area_code = NEW.code WHERE area_id = NEW.id; RETURN NULL;', hash='13f61f6437623cfb5eb783b36f24b3974e8410d3', operation='UPDATE', pgid='pgtrigger_code_of_renamed_d8937', table='businesses_area', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='derive', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE org record;', func="SELECT name, legal_name, standing, lead_officer_id INTO org FROM businesses_organization WHERE id = NEW.organization_id; NEW.standing := COALESCE(org.standing, 'prospect'); NEW.lead_id := org.lead_officer_id; NEW.area_code := (SELECT code FROM businesses_area WHERE id = NEW.area_id); NEW.search_text := businesses_fold(concat_ws(' ', NEW.name, org.name, org.legal_name, NEW.street, NEW.city, NEW.postal_code)); IF NEW.slug = '' THEN NEW.slug := concat_ws('-', NULLIF(trim('-' FROM left(replace(trim(businesses_fold(NEW.name)), ' ', '-'), 80)), ''), NEW.id); END IF; RETURN NEW;", hash='91b8609a5e8f363937be892d0910786d8526563e', operation='INSERT OR UPDATE', pgid='pgtrigger_derive_9d806', table='businesses_business', when='BEFORE')),
        ),
        migrations.RunSQL(
            "UPDATE businesses_business b SET area_code = a.code FROM businesses_area a WHERE a.id = b.area_id",
            migrations.RunSQL.noop,
        ),
    ]
