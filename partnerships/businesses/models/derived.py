"""The triggers that keep `Organization.areas` true, whoever writes: the ORM, an import or raw SQL.

They call `businesses_keep_areas(ids)` once for a statement, with the organizations that it may have moved;
see migration 0003 for the function and docs/decisions/0065 for what stands on it.
"""

import pgtrigger


def _follow(name: str, operation: pgtrigger.Operation, moved: str, **tables: str) -> pgtrigger.Trigger:
    """Keep the areas of organizations after each statement.

    Args:
        name: of the trigger.
        operation: after which statements.
        moved: a query for the ids of the organizations, over the tables of changed rows.
        tables: the names of the tables with the rows before (`old`) and after (`new`).
    """
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(**tables),
        func=f"PERFORM businesses_keep_areas(ARRAY({moved})); RETURN NULL;",
    )


def areas_follow_places() -> list[pgtrigger.Trigger]:
    """For places of business: one that is new, goes, is merged, or changes its area or organization."""
    changed = (
        "FROM fresh JOIN stale USING (id) WHERE (fresh.area_id, fresh.organization_id, fresh.merged_into_id) "
        "IS DISTINCT FROM (stale.area_id, stale.organization_id, stale.merged_into_id)"
    )
    return [
        _follow("areas_of_new", pgtrigger.Insert, "SELECT organization_id FROM fresh", new="fresh"),
        _follow("areas_of_gone", pgtrigger.Delete, "SELECT organization_id FROM stale", old="stale"),
        _follow(
            "areas_of_moved",
            pgtrigger.Update,
            f"SELECT fresh.organization_id {changed} UNION SELECT stale.organization_id {changed}",
            old="stale",
            new="fresh",
        ),
    ]


def areas_follow_parents() -> pgtrigger.Trigger:
    """For areas: one that becomes part of another district."""
    return _follow(
        "areas_of_parted",
        pgtrigger.Update,
        "SELECT b.organization_id FROM businesses_business b JOIN fresh ON fresh.id = b.area_id "
        "JOIN stale ON stale.id = fresh.id WHERE fresh.parent_id IS DISTINCT FROM stale.parent_id",
        old="stale",
        new="fresh",
    )


def codes_follow_areas() -> pgtrigger.Trigger:
    """For areas: one that gets another code, which lists of its places are ordered by."""
    return pgtrigger.Trigger(
        name="code_of_renamed",
        operation=pgtrigger.Update,
        when=pgtrigger.After,
        condition=pgtrigger.AnyChange("code"),
        func="UPDATE businesses_business SET area_code = NEW.code_key WHERE area_id = NEW.id; RETURN NULL;",
    )


def areas_hold_still() -> list[pgtrigger.Trigger]:
    """For organizations: nobody else writes the column, not even who saves a row read before a move.

    A new one begins without places, whatever it was copied from.
    """
    return [
        pgtrigger.Trigger(
            name="areas_begin_empty",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            condition=pgtrigger.Condition("NEW.areas <> '{}'"),
            func="NEW.areas := '{}'; RETURN NEW;",
        ),
        pgtrigger.Trigger(
            name="areas_hold_still",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            condition=pgtrigger.AnyChange("areas"),
            func="IF pg_trigger_depth() < 2 THEN NEW.areas := OLD.areas; END IF; RETURN NEW;",
        ),
    ]
