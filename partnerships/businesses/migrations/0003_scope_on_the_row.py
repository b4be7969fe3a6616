"""Who sees an organization and its places stands on their rows: where its places lie, and who leads it."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# The rows are locked first: a second statement reads what another transaction committed meanwhile, so that
# two places that come to one organization at once both count. In order, so that nobody waits for each other.
# The areas of its places are held before that, so that none becomes part of another district meanwhile.
# History, which does not hold the column, is not asked: it joins the rows before with those after by a plan that
# it made for a statement without rows, and took 100 seconds for an import of 20,000 where this takes one.
KEEP_AREAS = """
CREATE FUNCTION businesses_keep_areas(ids bigint[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    ignored text := coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}');
BEGIN
    IF cardinality(ids) = 0 THEN RETURN; END IF;
    PERFORM FROM businesses_area WHERE id IN (
        SELECT area_id FROM businesses_business WHERE organization_id = ANY(ids)
    ) ORDER BY id FOR SHARE;
    PERFORM FROM businesses_organization WHERE id = ANY(ids) ORDER BY id FOR NO KEY UPDATE;
    -- A place that came while another transaction changed its organization copied what stood there before.
    IF EXISTS (
        SELECT FROM businesses_business b JOIN businesses_organization o ON o.id = b.organization_id
        WHERE o.id = ANY(ids)
        AND (b.lead_id, b.standing) IS DISTINCT FROM (o.lead_officer_id, o.standing)
    ) THEN
        UPDATE businesses_business b SET lead_id = o.lead_officer_id FROM businesses_organization o
        WHERE o.id = ANY(ids) AND o.id = b.organization_id
        AND (b.lead_id, b.standing) IS DISTINCT FROM (o.lead_officer_id, o.standing);
    END IF;
    PERFORM set_config('pgtrigger.ignore', (ignored::text[] || '{pgtrigger_update_update_5f103}')::text, true);
    UPDATE businesses_organization o SET areas = kept.areas
    FROM (
        SELECT one.id, coalesce(array_agg(DISTINCT part ORDER BY part) FILTER (WHERE part IS NOT NULL), '{}') AS areas
        FROM (SELECT DISTINCT unnest(ids) AS id) AS one
        LEFT JOIN businesses_business b ON b.organization_id = one.id
        LEFT JOIN businesses_area a ON a.id = b.area_id
        LEFT JOIN LATERAL (VALUES (coalesce(b.area_id, 0)), (a.parent_id)) AS parts (part) ON b.id IS NOT NULL
        GROUP BY one.id
    ) AS kept
    WHERE o.id = kept.id AND o.areas <> kept.areas;
    PERFORM set_config('pgtrigger.ignore', ignored, true);
END
$$
"""
FILL = """
SELECT businesses_keep_areas(ARRAY(SELECT id FROM businesses_organization));
UPDATE businesses_business b SET lead_id = o.lead_officer_id
FROM businesses_organization o WHERE o.id = b.organization_id AND o.lead_officer_id IS NOT NULL;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('businesses', '0002_search'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='business',
            name='derive',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='copy_down',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='organization',
            name='update_update',
        ),
        migrations.AddField(
            model_name='business',
            name='lead_id',
            field=models.BigIntegerField(blank=True, editable=False, null=True, verbose_name="lead officer's number"),
        ),
        migrations.AddField(
            model_name='organization',
            name='areas',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), blank=True, db_default=[], default=list, editable=False, help_text='Where its places of business lie: areas and what these are part of, 0 for none.', size=None),
        ),
        migrations.AddIndex(
            model_name='business',
            index=models.Index(condition=models.Q(('lead_id__isnull', False)), fields=['lead_id'], name='businesses_by_lead'),
        ),
        migrations.AddIndex(
            model_name='organization',
            index=django.contrib.postgres.indexes.GinIndex(fields=['areas'], name='businesses_organization_areas'),
        ),
        migrations.RunSQL(KEEP_AREAS, "DROP FUNCTION businesses_keep_areas(bigint[])"),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='area',
            trigger=pgtrigger.compiler.Trigger(name='areas_of_parted', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM businesses_keep_areas(ARRAY(SELECT b.organization_id FROM businesses_business b JOIN fresh ON fresh.id = b.area_id JOIN stale ON stale.id = fresh.id WHERE fresh.parent_id IS DISTINCT FROM stale.parent_id)); RETURN NULL;', hash='094ad143825809c019a152f332e3a1259dfc1ea1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_areas_of_parted_f05df', referencing='REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ', table='businesses_area', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='derive', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE org record;', func="SELECT name, legal_name, standing, lead_officer_id INTO org FROM businesses_organization WHERE id = NEW.organization_id; NEW.standing := COALESCE(org.standing, 'prospect'); NEW.lead_id := org.lead_officer_id; NEW.search_text := businesses_fold(concat_ws(' ', NEW.name, org.name, org.legal_name, NEW.street, NEW.city, NEW.postal_code)); IF NEW.slug = '' THEN NEW.slug := concat_ws('-', NULLIF(trim('-' FROM left(replace(trim(businesses_fold(NEW.name)), ' ', '-'), 80)), ''), NEW.id); END IF; RETURN NEW;", hash='011a1132743e69b9aedfb83bf7271ddf56dbdd70', operation='INSERT OR UPDATE', pgid='pgtrigger_derive_9d806', table='businesses_business', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='areas_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM businesses_keep_areas(ARRAY(SELECT organization_id FROM fresh)); RETURN NULL;', hash='7046a82d97cb31a9390aaeca8dd363ba841f1463', level='STATEMENT', operation='INSERT', pgid='pgtrigger_areas_of_new_6b8d2', referencing='REFERENCING NEW TABLE AS fresh ', table='businesses_business', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='areas_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM businesses_keep_areas(ARRAY(SELECT organization_id FROM stale)); RETURN NULL;', hash='7fdff2a94f2435f56f20f3dd8e9ccb11ebd98a75', level='STATEMENT', operation='DELETE', pgid='pgtrigger_areas_of_gone_90aab', referencing='REFERENCING OLD TABLE AS stale ', table='businesses_business', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='areas_of_moved', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM businesses_keep_areas(ARRAY(SELECT fresh.organization_id FROM fresh JOIN stale USING (id) WHERE (fresh.area_id, fresh.organization_id) IS DISTINCT FROM (stale.area_id, stale.organization_id) UNION SELECT stale.organization_id FROM fresh JOIN stale USING (id) WHERE (fresh.area_id, fresh.organization_id) IS DISTINCT FROM (stale.area_id, stale.organization_id))); RETURN NULL;', hash='e0789d0e4d0cfcebb9b7ca7449de7688c7a26f44', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_areas_of_moved_ec96b', referencing='REFERENCING OLD TABLE AS stale  NEW TABLE AS fresh ', table='businesses_business', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='areas_begin_empty', sql=pgtrigger.compiler.UpsertTriggerSql(condition="WHEN (NEW.areas <> '{}')", func="NEW.areas := '{}'; RETURN NEW;", hash='eb2b2a8145afa0f2863ada4435b0372f1bc5e524', operation='INSERT', pgid='pgtrigger_areas_begin_empty_2b924', table='businesses_organization', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='areas_hold_still', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."areas" IS DISTINCT FROM (NEW."areas"))', func='IF pg_trigger_depth() < 2 THEN NEW.areas := OLD.areas; END IF; RETURN NEW;', hash='30d74f3290128cf3072a00ab826b454c3d7fd044', operation='UPDATE', pgid='pgtrigger_areas_hold_still_fde94', table='businesses_organization', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='copy_down', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."lead_officer_id" IS DISTINCT FROM (NEW."lead_officer_id") OR OLD."legal_name" IS DISTINCT FROM (NEW."legal_name") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."standing" IS DISTINCT FROM (NEW."standing"))', func='UPDATE businesses_business SET standing = NEW.standing WHERE organization_id = NEW.id; RETURN NULL;', hash='547e846c2b6ab12513b385e9e22d0cc0d3ea2774', operation='UPDATE', pgid='pgtrigger_copy_down_09333', table='businesses_organization', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organization',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(func='WITH _pgh_attached_context AS ( SELECT _pgh_attach_context() AS value ) INSERT INTO "businesses_organizationevent" ("account_number", "added_by_id", "created_at", "id", "imported", "kind", "lead_officer_id", "legal_name", "name", "partner_since", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "standing", "updated_at", "updated_by_name") SELECT new_values."account_number", new_values."added_by_id", new_values."created_at", new_values."id", new_values."imported", new_values."kind", new_values."lead_officer_id", new_values."legal_name", new_values."name", new_values."partner_since", _pgh_attached_context.value, NOW(), \'update\', new_values."id", new_values."source", new_values."standing", new_values."updated_at", new_values."updated_by_name" FROM ( SELECT new_values.* FROM old_values JOIN new_values ON (old_values."id") = (new_values."id") WHERE (old_values."account_number" IS DISTINCT FROM (new_values."account_number") OR old_values."added_by_id" IS DISTINCT FROM (new_values."added_by_id") OR old_values."created_at" IS DISTINCT FROM (new_values."created_at") OR old_values."id" IS DISTINCT FROM (new_values."id") OR old_values."imported" IS DISTINCT FROM (new_values."imported") OR old_values."kind" IS DISTINCT FROM (new_values."kind") OR old_values."lead_officer_id" IS DISTINCT FROM (new_values."lead_officer_id") OR old_values."legal_name" IS DISTINCT FROM (new_values."legal_name") OR old_values."name" IS DISTINCT FROM (new_values."name") OR old_values."partner_since" IS DISTINCT FROM (new_values."partner_since") OR old_values."source" IS DISTINCT FROM (new_values."source") OR old_values."standing" IS DISTINCT FROM (new_values."standing") OR old_values."updated_at" IS DISTINCT FROM (new_values."updated_at") OR old_values."updated_by_name" IS DISTINCT FROM (new_values."updated_by_name")) ) AS new_values, _pgh_attached_context; RETURN NULL;', hash='07938fa7dc5e7a7a42854c3f84fd9f7bc6f58473', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_update_update_5f103', referencing='REFERENCING OLD TABLE AS old_values  NEW TABLE AS new_values ', table='businesses_organization', when='AFTER')),
        ),
    ]
