"""What applications wait for that are older than the column: filled from their reviews, by the rules of 0004.

The services write it down from then on. A row that nobody has noted yet says "send", which is a draft's alone, or
names nobody who had a hand in it. The rules stand here once more, in SQL: a migration has to say the same for ever,
whatever becomes of the code.
"""

from django.db import migrations

FILL = """
WITH seen AS (
    SELECT a.id, a.status, a.created_at, a.submitted_at, a.appealed_at, a.decided_at, a.withdrawn_at, a.updated_at,
        CASE WHEN a.track = 'full' THEN v.reviewers_full ELSE v.reviewers_basic END AS wanted,
        r.*, g.apart, q.asked_at,
        ARRAY(
            SELECT DISTINCT person FROM (
                SELECT unnest(ARRAY[a.applicant_id, a.submitted_by_id, a.assisted_by_id])
                UNION SELECT reviewer_id FROM vetting_review WHERE application_id = a.id
                UNION SELECT decided_by_id FROM vetting_decision WHERE application_id = a.id
            ) AS hands (person) WHERE person IS NOT NULL ORDER BY person
        ) AS hands
    FROM vetting_application a
    JOIN vetting_criteriaversion v ON v.id = a.criteria_version_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS named, count(*) FILTER (WHERE conflict <> 'proceed') AS undeclared,
            count(*) FILTER (WHERE submitted_at IS NULL) AS missing,
            max(assigned_at) AS assigned, max(declared_at) AS declared, max(submitted_at) AS handed_in
        FROM vetting_review WHERE application_id = a.id AND round = a.round AND conflict <> 'refer'
    ) AS r
    CROSS JOIN LATERAL (
        SELECT EXISTS (
            SELECT FROM vetting_score s JOIN vetting_review w ON w.id = s.review_id
            WHERE w.application_id = a.id AND w.round = a.round AND w.conflict <> 'refer'
            AND w.submitted_at IS NOT NULL AND NOT EXISTS (
                SELECT FROM vetting_reconciliation c
                WHERE c.application_id = a.id AND c.round = a.round AND c.criterion_id = s.criterion_id
            )
            GROUP BY s.criterion_id HAVING max(s.value) - min(s.value) >= 2
        ) AS apart
    ) AS g
    LEFT JOIN LATERAL (
        SELECT max(asked_at) AS asked_at FROM vetting_actionrequest WHERE application_id = a.id
    ) AS q ON true
    WHERE a.step = 'send' AND (a.status <> 'draft' OR a.took_part = '{}')
), known AS (
    SELECT *, named >= wanted AND missing = 0 AS whole, CASE
        WHEN status = 'draft' THEN 'send'
        WHEN status = 'action_needed' THEN 'answer'
        WHEN status NOT IN ('submitted', 'in_review', 'appealed') THEN 'closed'
        WHEN named < wanted AND named = 0 THEN 'take'
        WHEN named < wanted THEN 'second'
        WHEN undeclared > 0 THEN 'declare'
        WHEN missing > 0 THEN 'review'
        WHEN apart THEN 'agree'
        ELSE 'decide' END AS found
    FROM seen
)
UPDATE vetting_application a SET
    step = found,
    all_in = whole,
    took_part = hands,
    step_since = coalesce(CASE found
        WHEN 'send' THEN k.created_at
        WHEN 'answer' THEN asked_at
        WHEN 'closed' THEN coalesce(k.withdrawn_at, k.decided_at)
        WHEN 'take' THEN coalesce(k.appealed_at, k.submitted_at)
        WHEN 'second' THEN assigned
        WHEN 'declare' THEN assigned
        WHEN 'review' THEN declared
        ELSE handed_in END, k.updated_at)
FROM known k WHERE k.id = a.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ('vetting', '0006_condition_moves'),
    ]

    operations = [
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
