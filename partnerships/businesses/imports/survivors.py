"""Places of a file that stand under another record by now: merged into it, or gathered elsewhere.

A file tells a place by its account and site. A record that was merged keeps these numbers and points to the
one that stayed; a place that was gathered under another organization has them as `SourceNumber`.
"""

from collections.abc import Callable

Run = Callable[[str], int]
OLDER = "(s.issued_on < b.license_issued OR (s.issued_on IS NULL AND b.license_issued IS NOT NULL))"

MORE = """
ALTER TABLE sites ADD COLUMN followed boolean NOT NULL DEFAULT false, ADD COLUMN numbered text
"""
BY_NUMBER = """
UPDATE sites s SET business_id = n.business_id, followed = true
FROM businesses_sourcenumber n
WHERE n.source = %(source)s AND n.account_number = s.account_number AND n.site_number = s.site_number
"""
MERGED = """
UPDATE sites s SET business_id = b.merged_into_id, followed = true
FROM businesses_business b WHERE b.id = s.business_id AND b.merged_into_id IS NOT NULL
"""
# What another file tells of the record that stayed, stands: two files would write over each other for ever.
THERE = f"""
UPDATE sites s
SET organization_id = b.organization_id,
    outdated = coalesce({OLDER}, false) OR (o.source <> '' AND o.source <> %(source)s)
FROM businesses_business b JOIN businesses_organization o ON o.id = b.organization_id
WHERE s.followed AND b.id = s.business_id
"""  # noqa: S608  (our own text, no values)
# Two places of the file are one here: its own row counts, else that of the later license.
ONCE = """
DELETE FROM sites WHERE ctid IN (
    SELECT ctid FROM (
        SELECT ctid, row_number() OVER (
            PARTITION BY business_id ORDER BY followed, issued_on DESC NULLS LAST, line DESC
        ) AS place
        FROM sites WHERE business_id IS NOT NULL
    ) AS counted WHERE place > 1
)
"""
# A new place of an account that was gathered: its number is another one there.
NEW = """
UPDATE sites s
SET organization_id = o.merged_into_id, numbered = s.site_number,
    site_number = left(md5(s.account_number || '-' || s.site_number), 20)
FROM businesses_organization o
WHERE s.business_id IS NULL AND o.id = s.organization_id AND o.merged_into_id IS NOT NULL
"""
REMEMBER = """
INSERT INTO businesses_sourcenumber (source, account_number, site_number, business_id)
SELECT %(source)s, s.account_number, s.numbered, b.id
FROM sites s JOIN businesses_business b
ON b.organization_id = s.organization_id AND b.site_number = s.site_number
WHERE s.numbered IS NOT NULL
ON CONFLICT DO NOTHING
"""


def follow(run: Run) -> int:
    """Lead the rows of a file to the records that stayed; answer how many were a further row of one of them.

    Args:
        run: executes a statement and answers how many rows it touched.
    """
    run(MORE)
    run(BY_NUMBER)
    run(MERGED)
    run(THERE)
    further = run(ONCE)
    run(NEW)
    return further
