"""What an import changes, kept beside it as it was before: statements over `sites` and `merged`."""

from partnerships.businesses.models import ImportChange

from .statements import columns, is_changed

TABLE = ImportChange._meta.db_table
KEPT_FOR = 90  # days in which an import can be taken back
OF_ORGANIZATION = ("name", "legal_name", "imported")


def restored() -> list[str]:
    """The columns of a place that an import fills, beside what the file said."""
    return [column.name for column in columns()]


def _told(names: list[str], row: str) -> str:
    pairs = ", ".join(f"'{name}', {row}.{name}" for name in names)
    return f"jsonb_build_object({pairs})"


def places() -> str:
    """Keep the places that are about to change; to be run before they do."""
    names = [*restored(), "imported"]
    return (
        f"INSERT INTO {TABLE} (batch_id, business_id, before, after, stays) "  # noqa: S608  (our own text)
        f"SELECT %(batch)s, b.id, {_told(names, 'b')}, {_told(names, 'm')}, '' "
        "FROM merged m JOIN businesses_business b ON b.id = m.id "
        f"WHERE m.imported <> m.imported_before OR {is_changed()} ORDER BY b.id"
    )


def organizations(changing: str) -> str:
    """Change organizations, and keep them as they were and as they are then.

    Args:
        changing: an UPDATE of organizations `o`, whose FROM names them as they were, as `was`.
    """
    names = list(OF_ORGANIZATION)
    return (
        f"WITH changed AS ({changing} RETURNING o.id, "  # noqa: S608  (our own text)
        f"{_told(names, 'was')} AS before, {_told(names, 'o')} AS after) "
        f"INSERT INTO {TABLE} (batch_id, organization_id, before, after, stays) "
        "SELECT %(batch)s, id, before, after, '' FROM changed ORDER BY id "
        "ON CONFLICT (batch_id, organization_id) WHERE organization_id IS NOT NULL "
        "DO UPDATE SET after = EXCLUDED.after"
    )


# What is too old to be taken back goes; what stayed when an import was taken back is still told.
FORGET = (
    f"DELETE FROM {TABLE} c USING businesses_importbatch b "  # noqa: S608  (our own text)
    "WHERE b.id = c.batch_id AND b.taken_back_at IS NULL "
    f"AND b.at < %(now)s - interval '{KEPT_FOR} days'"
)
