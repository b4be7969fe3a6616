"""The folding of the search is the product's own by now; what it folds otherwise than before is folded again."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


# A text of plain letters is folded as it was.
FOLD_AGAIN = """
UPDATE businesses_business AS b SET search_text = '' FROM businesses_organization AS o
WHERE o.id = b.organization_id AND concat(b.name, b.street, b.city, o.name, o.legal_name) ~ '[^[:ascii:]]'
"""
BACK = """
CREATE FUNCTION businesses_fold(typed text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT core_fold(typed) $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_one_folding'),
        ('businesses', '0008_a_refusal_is_taken_back'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='business',
            name='derive',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='business',
            trigger=pgtrigger.compiler.Trigger(name='derive', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE org record;', func="SELECT name, legal_name, standing, lead_officer_id INTO org FROM businesses_organization WHERE id = NEW.organization_id; NEW.standing := COALESCE(org.standing, 'prospect'); NEW.lead_id := org.lead_officer_id; NEW.area_code := (SELECT code FROM businesses_area WHERE id = NEW.area_id); NEW.search_text := core_fold(concat_ws(' ', NEW.name, org.name, org.legal_name, NEW.street, NEW.city, NEW.postal_code)); IF NEW.slug = '' THEN NEW.slug := concat_ws('-', NULLIF(trim('-' FROM left(replace(trim(core_fold(NEW.name)), ' ', '-'), 80)), ''), NEW.id); END IF; RETURN NEW;", hash='84a3edfc0a70b0f38fe903075dca946b9a3b5658', operation='INSERT OR UPDATE', pgid='pgtrigger_derive_9d806', table='businesses_business', when='BEFORE')),
        ),
        migrations.RunSQL("DROP FUNCTION businesses_fold(text)", BACK),
        migrations.RunSQL(FOLD_AGAIN, migrations.RunSQL.noop),
    ]
