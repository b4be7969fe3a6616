"""The moves of a condition, held by triggers as those of an application are."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('vetting', '0005_found_by_address'),
    ]

    operations = [
        migrations.AlterField(
            model_name='condition',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('met', 'Met'), ('waived', 'Waived')], default='open', editable=False, max_length=10, verbose_name='status'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='condition',
            trigger=pgtrigger.compiler.Trigger(name='status_moves', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{open:met,open:waived}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='d693d88d36da4c52e82320ea5802c11d2694975a', operation='UPDATE', pgid='pgtrigger_status_moves_64089', table='vetting_condition', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='condition',
            trigger=pgtrigger.compiler.Trigger(name='status_starts', sql=pgtrigger.compiler.UpsertTriggerSql(func="IF NEW.status NOT IN ('open') THEN RAISE EXCEPTION 'A new row can''t begin in state %', NEW.status; END IF; RETURN NEW;", hash='b994e59bf9df6ebf48e2b231d525240634fbc182', operation='INSERT', pgid='pgtrigger_status_starts_4ade4', table='vetting_condition', when='BEFORE')),
        ),
    ]
