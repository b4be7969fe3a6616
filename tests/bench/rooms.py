"""What stands around the registry: applications, the record, mail and events."""

from .filling import ago, as_if_grown, insert, run

APPLICATIONS, MAILS, EVENTS, EACH_EVENT = 2_000, 200_000, 600, 25


def applications() -> None:
    """The applications with their owners, sites, reviews and decisions."""
    from accounts.models import User
    from partnerships.businesses.models import Claim, Contact, Membership
    from partnerships.vetting.models import (
        ActionRequest,
        Answer,
        Application,
        Condition,
        Decision,
        Review,
        Score,
    )
    from partnerships.vetting.steps import note_step

    as_if_grown(User, Membership, Claim, Application, on=True)
    insert(
        User, "bench_applications AS a ORDER BY i",
        email="'owner' || i || '@shop.example'", full_name="'Owner ' || i", role="'member'", password="'!'",
    )  # fmt: skip
    run("ALTER TABLE bench_applications ADD COLUMN owner_id bigint, ADD COLUMN place_id bigint")
    run("UPDATE bench_applications SET owner_id = u.id FROM accounts_user AS u "
        "WHERE u.email = 'owner' || i || '@shop.example'")  # fmt: skip
    run("UPDATE bench_applications AS a SET place_id = (SELECT min(id) FROM businesses_business AS b "
        "WHERE b.organization_id = a.organization_id)")  # fmt: skip
    run("INSERT INTO account_emailaddress (user_id, email, verified, \"primary\") "
        "SELECT owner_id, 'owner' || i || '@shop.example', true, true FROM bench_applications")  # fmt: skip
    insert(
        Membership, "bench_applications WHERE status <> 'draft'", user="owner_id",
        organization="organization_id", role="'owner'",
    )  # fmt: skip
    insert(
        Claim, "bench_applications", user="owner_id", business="place_id",
        status="CASE WHEN status IN ('draft', 'submitted') THEN 'claimed' ELSE 'verified' END",
        created_at=ago("i", 30, 300),
    )  # fmt: skip
    insert(
        Contact,
        "bench_applications AS a CROSS JOIN generate_series(1, 2) AS k",
        organization="organization_id", business="CASE WHEN k = 1 THEN place_id END",
        name="'Alex Moreno ' || i", email="'contact' || i || '-' || k || '@shop.example'",
        phone="'(312) 555-0134'",
    )  # fmt: skip
    insert(
        Application,
        "bench_applications AS a CROSS JOIN vetting_criteriaversion AS v WHERE v.status = 'published' "
        "ORDER BY i",
        organization="organization_id", criteria_version="v.id", status="a.status", applicant="owner_id",
        submitted_by="CASE WHEN a.status <> 'draft' THEN owner_id END",
        track="CASE WHEN pg_temp.chance(i, 31) < .2 THEN 'full' ELSE 'basic' END",
        contact_name="'Owner ' || i", contact_email="'owner' || i || '@shop.example'",
        hopes="'Advice on lighting and cameras.'", offers="'A room for 30 people.'",
        first_submitted_at=f"CASE WHEN a.status <> 'draft' THEN {ago('i', 32, 300)} END",
        submitted_at=f"CASE WHEN a.status <> 'draft' THEN {ago('i', 32, 300)} END",
        promised_on="CASE WHEN a.status IN ('submitted', 'in_review', 'appealed') "
        "THEN current_date - 4 + floor(pg_temp.chance(i, 33) * 14)::int END",
        decided_at="CASE WHEN a.status LIKE 'approved%' OR a.status = 'declined' "
        f"THEN {ago('i', 34, 200)} END",
        valid_until="CASE WHEN a.status LIKE 'approved%' THEN current_date + 400 END",
        withdrawn_at=f"CASE WHEN a.status = 'withdrawn' THEN {ago('i', 34, 200)} END",
    )  # fmt: skip
    as_if_grown(User, Membership, Claim, Application, on=False)
    run("INSERT INTO vetting_application_sites (application_id, business_id) SELECT p.id, b.id "
        "FROM vetting_application AS p JOIN businesses_business AS b "
        "ON b.organization_id = p.organization_id AND b.site_number::bigint % 7 <> 1 "
        "OR b.id = (SELECT place_id FROM bench_applications AS a WHERE a.organization_id = "
        "p.organization_id) "
        "ON CONFLICT DO NOTHING")  # fmt: skip
    insert(
        Answer, "vetting_application AS p JOIN vetting_selectioncriterion AS c "
        "ON c.version_id = p.criteria_version_id", application="p.id", criterion="c.id",
        text="'What we do about it, in a sentence or two as owners write them.'",
    )  # fmt: skip
    insert(
        Review,
        "vetting_application AS p CROSS JOIN generate_series(1, 2) AS k CROSS JOIN bench_officers AS o "
        "WHERE p.status NOT IN ('draft', 'submitted', 'withdrawn') AND (k = 1 OR p.track = 'full')",
        application="p.id",
        reviewer="o.ids[1 + (p.id * 3 + k) % cardinality(o.ids)]",
        conflict="CASE WHEN p.status <> 'in_review' OR pg_temp.chance(p.id, 35) < .8 THEN 'proceed' "
        "ELSE '' END",
        submitted_at="CASE WHEN p.status NOT IN ('in_review', 'action_needed') "
        "OR pg_temp.chance(p.id, 35) < .4 THEN now() END",
    )
    insert(
        Score, "vetting_review AS r JOIN vetting_application AS p ON p.id = r.application_id "
        "JOIN vetting_selectioncriterion AS c ON c.version_id = p.criteria_version_id "
        "WHERE r.submitted_at IS NOT NULL",
        review="r.id", criterion="c.id", value="2 + (r.id + c.id) % 3", note="'Seen on the visit.'",
    )  # fmt: skip
    insert(
        Decision,
        "vetting_application AS p CROSS JOIN (SELECT min(id) AS id FROM accounts_user "
        "WHERE role = 'supervisor') AS s WHERE p.status LIKE 'approved%' OR p.status IN ('declined', "
        "'appealed')",
        application="p.id", decided_by="s.id", letter="'Thank you for applying.'", total="3.1",
        outcome="CASE WHEN p.status = 'appealed' THEN 'declined' ELSE p.status END",
    )  # fmt: skip
    insert(
        Condition, "vetting_application AS p WHERE p.status = 'approved_with_conditions'",
        application="p.id", text="'Renew the license'",
        due_on="current_date - 5 + floor(pg_temp.chance(p.id, 36) * 60)::int",
    )  # fmt: skip
    insert(
        ActionRequest, "vetting_application AS p CROSS JOIN bench_officers AS o WHERE p.status = "
        "'action_needed'",
        application="p.id", asked_by="o.ids[1]", reason="'missing'", fields="'[\"offers\"]'::jsonb",
        message="'Please tell us a little more.'",
    )  # fmt: skip
    for application in Application.objects.select_related("criteria_version").iterator():
        note_step(application)


def around() -> None:
    """The record of what was done, and addresses that mail leaves alone."""
    from core.mail.models import Suppression
    from core.models import AuditEntry

    insert(
        AuditEntry, "generate_series(1, 100000) AS n CROSS JOIN bench_applications AS a WHERE a.i = n % 2000",
        verb="pg_temp.one_of(ARRAY['businesses.business_changed', 'vetting.application_read', "
        "'businesses.contact_added'], n, 40)",
        target_type="'businesses.business'", target_id="(a.place_id + n / 2000)::text",
        actor_label="'Officer Dana Reyes'", at=ago("n", 41, 600),
    )  # fmt: skip
    insert(
        Suppression, "bench_applications AS a WHERE i % 4 = 0", reason="'bounce'",
        address="'contact' || i || '-1@shop.example'", detail="'550 no such user'", at=ago("i", 42, 100),
    )  # fmt: skip


def mail() -> None:
    from core.mail.models import OutgoingMail

    as_if_grown(OutgoingMail, on=True)
    status = ("CASE WHEN n % 1000 = 0 THEN 'failed' WHEN n % 1500 = 0 THEN 'unknown' "
              "WHEN n % 200 = 0 THEN 'waiting' WHEN n % 90 = 0 THEN 'cancelled' ELSE 'sent' END")  # fmt: skip
    insert(
        OutgoingMail,
        f"(SELECT n, {status} AS state, now() - ({MAILS} - n) * interval '3 minutes' AS at "  # noqa: S608
        f"FROM generate_series(1, {MAILS}) AS n) AS each "
        "LEFT JOIN bench_applications AS a ON a.i = n % 3000",
        id="n", dedupe_key="'bench:' || n", message_id="'<bench-' || n || '@city.example>'",
        category="pg_temp.one_of(ARRAY['service', 'reminder', 'reminder', 'decision'], n, 50)",
        status="state", room="pg_temp.one_of(ARRAY['vetting', 'events', 'businesses', 'accounts'], n, 51)",
        template="'vetting/received'", organization_id="a.organization_id",
        to="coalesce('owner' || a.i || '@shop.example', 'guest' || n || '@people.example')",
        recipient_name="'Owner ' || coalesce(a.i, n)", language="'en'",
        subject="pg_temp.one_of(ARRAY['We have your application', 'Your place at the workshop', "
        "'Please look at three things', 'Reminder: community forum'], n, 52)",
        text="CASE WHEN n % 10 = 0 THEN repeat('A sentence of a mail. ', 40) ELSE '' END",
        html="CASE WHEN n % 10 = 0 THEN repeat('<p>A sentence of a mail.</p>', 90) ELSE '' END",
        why="'You applied for a partnership.'", planned_at="at",
        due_at="CASE WHEN state = 'waiting' THEN now() + interval '1 day' ELSE at END",
        sent_at="CASE WHEN state = 'sent' THEN at + interval '4 seconds' END",
        purged_at="CASE WHEN n % 10 <> 0 THEN at END",
        handled_at="CASE WHEN state IN ('failed', 'unknown') AND n % 20 <> 0 THEN at END",
        life="'[]'::jsonb",
    )  # fmt: skip
    as_if_grown(OutgoingMail, on=False)


def events() -> None:
    from events.models import Event, Registration

    as_if_grown(Event, Registration, on=True)
    starts = f"now() + (n - {EVENTS} * .8) * interval '1 day' + interval '3 hours'"
    insert(
        Event,
        f"generate_series(1, {EVENTS}) AS n CROSS JOIN bench_beats AS b CROSS JOIN bench_officers AS o "
        "LEFT JOIN bench_applications AS a ON a.i = n * 3",
        id="n", title="'Safety workshop ' || n", slug="'safety-workshop-' || n", venue_name="'Lincoln Branch "
        "Library'",
        summary="'Doors, locks and light.'", host="CASE WHEN n % 5 = 0 THEN a.place_id END",
        area="CASE WHEN n % 4 <> 0 THEN b.ids[1 + n * 7 % cardinality(b.ids)] END",
        starts_at=starts, ends_at=f"{starts} + interval '2 hours'", capacity="CASE WHEN n % 3 <> 0 THEN "
        "40 END",
        status="CASE WHEN n % 25 = 0 THEN 'draft' WHEN n % 40 = 0 THEN 'cancelled' ELSE 'published' END",
        uid="gen_random_uuid()", published_at="CASE WHEN n % 25 <> 0 THEN now() END",
        created_by="o.ids[1 + n % cardinality(o.ids)]",
    )  # fmt: skip
    insert(
        Registration,
        f"events_event AS e CROSS JOIN generate_series(1, {EACH_EVENT}) AS k "
        f"LEFT JOIN bench_applications AS a ON a.i = (e.id * {EACH_EVENT} + k) % 6000 WHERE e.status <> "
        f"'draft'",
        event="e.id", email="'guest' || e.id || '-' || k || '@people.example'", name="'Guest ' || k",
        business="CASE WHEN a.status <> 'draft' THEN a.place_id END",
        party_size="1 + k % 3", token="'bench-' || e.id || '-' || k",
        status="CASE WHEN e.starts_at < now() AND k % 4 <> 0 THEN 'attended' WHEN k > 23 THEN 'waitlisted' "
        "ELSE 'registered' END",
        confirmed_at="e.starts_at - interval '10 days'", queued_at="e.starts_at - interval '10 days'",
        created_at="e.starts_at - interval '10 days'",
    )  # fmt: skip
    as_if_grown(Event, Registration, on=False)
