"""The desk's pages on outgoing mail: who sees what, how it is shown, and sending again."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import get_resolver, reverse

from core import clock
from core.access import Refused
from core.mail import consents
from core.mail.desk.filters import MailFilter
from core.mail.desk.page import unlinked, without_secrets
from core.mail.desk.steps import resend
from core.mail.models import OutgoingMail
from core.mail.outbox.sending import drain
from core.mail.purposes import Category, Status
from core.models import AuditEntry
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import AreaFactory, BusinessFactory, DistrictAssignmentFactory
from tests.factories.core import mail, mails

pytestmark = pytest.mark.django_db


@pytest.fixture
def supervisor(client):
    """Signed in as a supervisor of the whole city."""
    user = SupervisorFactory()
    sign_in(client, user)
    return user


def page(client, name="mail", *args, **query):
    return client.get(reverse(f"desk:{name}", args=args), query)


def fail(row, status=Status.FAILED):
    """Bring a mail into trouble the way the worker does."""
    for each in (Status.SENDING, Status.ATTEMPTING, status):
        OutgoingMail.objects.filter(pk=row.pk).update(status=each)
    row.refresh_from_db()
    return row


def test_the_list_shows_recipient_subject_state_room_and_times(client, supervisor, sink):
    mail(recipient_name="Ann Lee", subject="Your application arrived")
    drain()
    body = page(client).content.decode()
    for words in ("Ann Lee", "Your application arrived", "Sent", "The registry"):
        assert words in body


@pytest.mark.parametrize(
    "query", ["ann", "LEE", "receipt ann", "ann.lee@", "Ann.Lee@People.example", "<{id}>", "{id}", "one:"]
)
def test_search_finds_by_recipient_subject_message_id_and_key(client, supervisor, query):
    row = mail(key="one:1", recipient_name="Ann Lee", to="ann.lee@people.example", subject="A receipt")
    mail(recipient_name="Bo Kim", subject="Another thing")
    body = page(client, q=query.replace("{id}", row.message_id.strip("<>"))).content.decode()
    assert "Ann Lee" in body
    assert "Bo Kim" not in body


def test_the_list_narrows_to_what_is_in_trouble_and_the_page_says_so(client, supervisor):
    fail(mail(subject="Refused one"))
    fail(mail(subject="Odd one"), Status.UNKNOWN)
    mail(subject="Fine one")
    body = page(client, status="trouble").content.decode()
    assert "Refused one" in body
    assert "Odd one" in body
    assert "Fine one" not in body
    assert "2 mails failed, or their fate is uncertain." in body


def test_the_health_of_what_carries_mail_stands_on_the_page(client, supervisor):
    body = page(client).content.decode()
    assert "The database answers." in body
    assert "No mail is waiting." in body


def test_one_mail_shows_its_life_with_the_relays_answers(client, supervisor, sink):
    row = mail()
    sink.at_recipient = "450 4.2.0 Try later"
    drain()
    body = page(client, "mail_message", row.pk).content.decode()
    for words in ("Planned", "Taken by a worker", "Put off", "450 4.2.0 Try later", "Next try", row.why):
        assert words in body


def test_the_preview_is_a_sandbox_and_framed_as_one(client, supervisor):
    row = mail()
    body = page(client, "mail_message", row.pk).content.decode()
    assert 'sandbox=""' in body
    answer = page(client, "mail_preview", row.pk)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith(
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    )
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.content.decode() == unlinked(without_secrets(row.html))


@pytest.mark.parametrize("demo", [False, True])
def test_sign_in_mail_is_shown_to_nobody_but_in_a_demonstration(client, supervisor, settings, demo):
    settings.DEMO = demo
    row = mail(category=Category.SECURITY)
    body = page(client, "mail_message", row.pk).content.decode()
    assert ("This is a test from" in body) is demo
    assert page(client, "mail_preview", row.pk).status_code == (200 if demo else 404)


def test_an_officer_sees_the_mail_of_the_organizations_of_their_districts_only(client):
    officer = OfficerFactory()
    mine, other = AreaFactory(), AreaFactory()
    DistrictAssignmentFactory(user=officer, area=mine)
    here, there = BusinessFactory(area=mine), BusinessFactory(area=other)
    seen = mail(organization_id=here.organization_id, subject="Seen")
    hidden = mail(organization_id=there.organization_id, subject="Hidden")
    nobodys = mail(subject="Nobodys")
    sign_in(client, officer)
    body = page(client).content.decode()
    assert "Seen" in body
    assert "Hidden" not in body
    assert "Nobodys" not in body
    assert page(client, "mail_message", seen.pk).status_code == 200
    missing = page(client, "mail_message", 10**9)
    for row in (hidden, nobodys):
        for name in ("mail_message", "mail_preview"):
            assert page(client, name, row.pk).status_code == missing.status_code == 404
        assert client.post(reverse("desk:mail_step", args=[row.pk, "resend"])).status_code == 404


@pytest.mark.parametrize(("factory", "code"), [(ViewerFactory, 403), (UserFactory, 403), (AdminFactory, 403)])
def test_others_do_not_read_mail_at_the_desk(client, factory, code):
    row = mail()
    sign_in(client, factory())
    assert page(client).status_code == code
    assert page(client, "mail_message", row.pk).status_code == code
    assert page(client, "mail_preview", row.pk).status_code == code


def test_visitors_are_sent_to_sign_in(client):
    assert page(client).status_code == 302


def take(client, row, step, **data):
    """Answer the question of a step with yes."""
    data = data or {"form_key": f"{row.pk}-{step}"}
    return client.post(reverse("desk:mail_step", args=[row.pk, step]), data, follow=True)


def test_a_failed_mail_is_sent_again_as_a_new_one_and_is_then_seen_to(client, supervisor, sink):
    row = fail(mail(subject="A decision"))
    question = page(client, "mail_step", row.pk, "resend").content.decode()
    assert f"Send “A decision” to {row.to} again?" in question
    answer = take(client, row, "resend").content.decode()
    assert "goes out to" in answer
    assert drain().sent == 1
    copy = row.copies.get()
    assert sink.ids() == [copy.message_id] != [row.message_id]
    row.refresh_from_db()
    assert (row.status, row.handled_by) == (Status.FAILED, supervisor.display_name)
    entry = AuditEntry.objects.get(verb="mail.resent")
    assert (entry.actor_id, entry.target_id) == (supervisor.pk, str(row.pk))
    body = page(client, "mail_message", row.pk).content.decode()
    assert reverse("desk:mail_message", args=[copy.pk]) in body
    assert f"{supervisor.display_name} saw to it." in body
    assert (
        reverse("desk:mail_message", args=[row.pk]) in page(client, "mail_message", copy.pk).content.decode()
    )


def test_a_sent_mail_is_sent_again_as_a_new_one(client, supervisor, sink):
    row = mail()
    drain()
    take(client, row, "resend")
    assert drain().sent == 1
    assert len(set(sink.ids())) == 2
    row.refresh_from_db()
    assert row.handled_at is None, "nothing was wrong with it"


def test_the_same_question_answered_twenty_times_makes_one_mail(client, supervisor):
    row = fail(mail())
    for _ in range(20):
        assert take(client, row, "resend").status_code == 200
    assert row.copies.count() == 1
    take(client, row, "resend", form_key="asked anew")
    assert row.copies.count() == 2


def test_an_uncertain_mail_is_released_under_its_own_message_id(client, supervisor, sink):
    row = fail(mail(), Status.UNKNOWN)
    body = page(client, "mail_message", row.pk).content.decode()
    assert "Release it" in body
    assert "Send again" not in body
    take(client, row, "release")
    assert drain().sent == 1
    assert sink.ids() == [row.message_id]
    assert AuditEntry.objects.get(verb="mail.released").actor_id == supervisor.pk
    assert "Released to be sent" in page(client, "mail_message", row.pk).content.decode()


def test_an_uncertain_mail_is_let_rest(client, supervisor, sink):
    row = fail(mail(), Status.UNKNOWN)
    take(client, row, "drop")
    assert drain().sent == 0
    row.refresh_from_db()
    assert (row.status, row.handled_by) == (Status.CANCELLED, supervisor.display_name)
    assert AuditEntry.objects.filter(verb="mail.dropped").count() == 1
    assert "Let rest" in page(client, "mail_message", row.pk).content.decode()


def test_a_failed_mail_that_was_seen_to_by_phone_is_no_longer_in_trouble(client, supervisor):
    row = fail(mail(subject="Refused one"))
    take(client, row, "set-aside")
    assert "Refused one" not in page(client, status="trouble").content.decode()
    assert "saw to it" in page(client, "mail_message", row.pk).content.decode()
    assert AuditEntry.objects.filter(verb="mail.set_aside").count() == 1
    again = take(client, row, "set-aside", form_key="asked anew")
    assert again.status_code == 409
    assert 'role="alert"' in again.content.decode()
    assert (
        f'class="usa-button" href="{reverse("desk:mail_message", args=[row.pk])}"' in again.content.decode()
    )


@pytest.mark.parametrize("step", ["resend", "release", "drop", "set-aside", "lift"])
def test_a_waiting_mail_takes_no_step(client, supervisor, step):
    row = mail()
    assert take(client, row, step).status_code == 409
    row.refresh_from_db()
    assert row.status == Status.WAITING
    assert not row.copies.exists()
    assert not AuditEntry.objects.filter(target_type="mail.outgoingmail", actor_id=supervisor.pk).exists()


def test_a_sign_in_mail_can_not_be_sent_again_and_says_so(client, supervisor, sink):
    row = mail(category=Category.SECURITY)
    sink.at_recipient = "550 5.1.1 No"
    drain()
    assert "Ask the person to request a new one" in page(client, "mail_message", row.pk).content.decode()
    assert take(client, row, "resend").status_code == 403
    assert not row.copies.exists()


def test_a_mail_whose_time_is_over_can_not_be_sent_again(client, supervisor):
    row = fail(mail(useless_after=clock.now() - timedelta(minutes=1)))
    assert "too late now" in page(client, "mail_message", row.pk).content.decode()
    assert take(client, row, "resend").status_code == 403


def test_a_copy_of_a_reminder_carries_no_reminders_and_goes_out_all_the_same(sink):
    row = fail(mail(category=Category.REMINDER, still_wanted="mail.reminder_wanted"))
    resend(mail=row, actor=SupervisorFactory())
    assert drain().sent == 1


def test_a_copy_is_not_sent_to_who_stopped_such_mail_meanwhile(sink):
    row = fail(mail(category=Category.REMINDER))
    resend(mail=row, actor=SupervisorFactory())
    consents.record(address=row.to, purpose="reminders", given=False, how="preferences", wording="No.")
    assert drain().cancelled == 1
    assert not sink.received


def test_a_copy_of_what_is_no_longer_wanted_is_not_sent(sink):
    row = fail(mail(still_wanted="vetting.application_open", subject_id=0))
    resend(mail=row, actor=SupervisorFactory())
    assert drain().cancelled == 1
    assert not sink.received


def test_an_admin_may_send_again_through_the_same_service(sink):
    row = fail(mail())
    admin = AdminFactory()
    resend(mail=row, actor=admin)
    assert drain().sent == 1


@pytest.mark.parametrize("factory", [ViewerFactory, UserFactory])
def test_others_take_no_step(factory):
    row = fail(mail())
    with pytest.raises(Refused):
        resend(mail=row, actor=factory())


def test_the_page_says_why_a_mail_was_sent(client, supervisor):
    row = mail(category=Category.REMINDER)
    body = page(client, "mail_message", row.pk).content.decode()
    assert "They come with what the recipient asked for, until they stop them." in body
    consents.record(address=row.to, purpose="reminders", given=True, how="form", wording="Remind me.")
    body = page(client, "mail_message", row.pk).content.decode()
    assert "Agreed on" in body
    assert row.why in body
    assert row.message_id.strip("<>") in body
    assert row.dedupe_key in body


@pytest.mark.parametrize(
    "link",
    ['<a href="/portal/">in</a>', "<A class='b' HREF='/portal/' >in</A>", "<a href=/portal/ id=x>in</a>"],
)
def test_a_mail_that_others_read_is_a_picture_whose_links_lead_nobody_anywhere(client, supervisor, link):
    row = mail()
    OutgoingMail.objects.filter(pk=row.pk).update(html=f"<p>{link}</p><style>a {{ color: red }}</style>")
    html = page(client, "mail_preview", row.pk).content.decode()
    assert "href" not in html.lower()
    assert "/portal/" not in html
    assert ">in</" in html
    assert "color: red" in html


@pytest.mark.parametrize("place", ["preferences", "registrations", "portal/invitations"])
def test_the_recipients_secrets_are_shown_to_nobody(client, supervisor, place):
    row = mail()
    link = f"https://city.example/{place}/c0ffee-token.SIGNED_x/people/"
    OutgoingMail.objects.filter(pk=row.pk).update(
        text=f"See {link} please", html=f'<a href="{link}">here</a>'
    )
    text = page(client, "mail_message", row.pk).content.decode()
    assert f"https://city.example/{place}/…/people/ please" in text
    html = page(client, "mail_preview", row.pk).content.decode()
    assert "<a>here</a>" in html, "a masked link leads nowhere, so it is none"
    sign_in(client, AdminFactory())
    shown = client.get(reverse("admin:mail_outgoingmail_change", args=[row.pk])).content.decode()
    for each in (text, html, shown):
        assert "c0ffee" not in each


def test_a_page_with_mail_on_its_way_renews_itself_until_it_has_settled(client, supervisor, sink):
    row = mail()
    for name, args in (("mail", ()), ("mail_message", (row.pk,))):
        assert "data-renews" in page(client, name, *args).content.decode()
    drain()
    for name, args in (("mail", ()), ("mail_message", (row.pk,))):
        assert "data-renews" not in page(client, name, *args).content.decode()


def test_a_page_that_renews_itself_gets_nothing_as_long_as_nothing_changed(client, supervisor, sink):
    row = mail()
    for name, args in (("mail", ()), ("mail_message", (row.pk,))):
        answer = page(client, name, *args)
        where, seen = reverse(f"desk:{name}", args=args), {"X-Seen": answer.context["seen"]}
        assert client.get(where, headers=seen).status_code == 204
    drain()
    for name, args in (("mail", ()), ("mail_message", (row.pk,))):
        assert client.get(reverse(f"desk:{name}", args=args), headers=seen).status_code == 200


def test_a_page_does_not_renew_itself_for_mail_that_waits_for_hours(client, supervisor, settings):
    mail(due_at=clock.now() + timedelta(hours=1))
    mail(due_at=clock.now() - timedelta(hours=1))
    assert "data-renews" not in page(client).content.decode()
    mail()
    settings.MAIL_PAUSED = True
    body = page(client).content.decode()
    assert "data-renews" not in body
    assert "nothing goes out until the setting MAIL_PAUSED is taken off" in body
    assert "Sending is paused. Mail waits." in body


def test_the_admin_lists_mail_with_its_text_unless_it_is_about_signing_in(client):
    plain, secret = mail(), mail(category=Category.SECURITY)
    sign_in(client, AdminFactory())
    listed = client.get(reverse("admin:mail_outgoingmail_changelist")).content.decode()
    assert plain.to in listed
    shown = client.get(reverse("admin:mail_outgoingmail_change", args=[plain.pk])).content.decode()
    assert "This is a test from" in shown
    hidden = client.get(reverse("admin:mail_outgoingmail_change", args=[secret.pk])).content.decode()
    assert "This is a test from" not in hidden


def test_the_admins_action_sends_again_and_names_what_it_can_not(client, sink):
    row, fine = fail(mail(subject="Refused")), mail(subject="Fine")
    sign_in(client, AdminFactory())
    answer = client.post(
        reverse("admin:mail_outgoingmail_changelist"),
        {"action": "send_again", "sure": "yes", "_selected_action": [row.pk, fine.pk]},
        follow=True,
    ).content.decode()
    assert "1 mail goes out again." in answer
    assert "Only a mail that was sent or failed" in answer


@pytest.mark.parametrize(
    ("action", "status", "after"),
    [
        ("release", Status.UNKNOWN, Status.WAITING),
        ("drop", Status.UNKNOWN, Status.CANCELLED),
        ("set_aside", Status.FAILED, Status.FAILED),
    ],
)
def test_the_admins_other_actions_go_through_the_services(client, action, status, after):
    row = fail(mail(), status)
    sign_in(client, AdminFactory())
    client.post(
        reverse("admin:mail_outgoingmail_changelist"),
        {"action": action, "sure": "yes", "_selected_action": [row.pk]},
    )
    row.refresh_from_db()
    assert row.status == after
    assert not OutgoingMail.objects.in_trouble().exists()
    assert AuditEntry.objects.filter(verb__startswith="mail.").count() == 1


def test_the_list_takes_the_same_queries_for_ten_rows_and_for_ten_thousand(
    client, supervisor, django_assert_max_num_queries
):
    mails(10)
    page(client)
    with django_assert_max_num_queries(25) as few:
        page(client)
    many(10_000)
    with django_assert_max_num_queries(len(few) + 2):  # counted to ten thousand, then estimated
        page(client)
    with django_assert_max_num_queries(len(few) + 2):
        page(client, "mail", q="reader7 test", room="mail", category="service")


def many(number):
    """Rows in the thousands, by the database itself."""
    first = mail()
    skipped = ("id", "dedupe_key", "message_id", "to")
    names = [
        field.column
        for field in OutgoingMail._meta.concrete_fields
        if field.column not in skipped and not field.generated
    ]
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO mail_outgoingmail (dedupe_key, message_id, "to", {columns}) '  # noqa: S608
            "SELECT 'many:' || n, '<many' || n || '@city.example>', 'many' || n || '@people.example', "
            f"{columns} "
            "FROM mail_outgoingmail, generate_series(1, %s) n WHERE id = %s",
            [number, first.pk],
        )
        cursor.execute("ANALYZE mail_outgoingmail")


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("Many77@People.example", "mail_address"),
        ("<many77@city.example>", "message_id"),
        ("many:77", "dedupe_key"),
    ],
)
def test_a_whole_address_message_id_or_key_is_found_by_its_index(query, index):
    many(10_000)
    rows = MailFilter({"q": query}, queryset=OutgoingMail.objects.all()).qs.order_by()
    assert [row.to for row in rows][:1] == ["many77@people.example"]
    assert index in rows.explain()


def test_a_hostile_subject_is_text_on_the_page(client, supervisor):
    row = mail(subject="<script>alert(1)</script>", recipient_name="<img src=x onerror=alert(1)>")
    for body in (page(client).content.decode(), page(client, "mail_message", row.pk).content.decode()):
        assert "<script>alert" not in body
        assert "<img src=x" not in body


def test_the_list_of_mail_in_trouble_has_no_link_to_itself(client, supervisor):
    fail(mail())
    assert "Look at them" in page(client).content.decode()
    assert "Look at them" not in page(client, status="trouble").content.decode()


def _tokened(patterns, before=""):
    """The route of every address that has a token, found another way than the product finds them."""
    for each in patterns:
        route = before + str(each.pattern)
        if hasattr(each, "url_patterns"):
            yield from _tokened(each.url_patterns, route)
        elif "<str:token>" in route or "<token>" in route:
            yield route


def test_the_token_of_every_address_of_every_room_is_left_out_of_what_staff_read():
    routes = list(_tokened(get_resolver().url_patterns))
    assert len(routes) >= 6
    for route in routes:
        url = "https://registry.example/" + re.sub(r"<(?:\w+:)?\w+>", "a-Secret_1:x", route)
        shown = without_secrets(f'Go to {url} now. <a href="{url}">Go</a>')
        assert "Secret" not in shown, route
        assert shown.count("/…/") == 2, route


def test_a_room_with_another_tokened_address_needs_no_list(settings):
    settings.ROOT_URLCONF = "tests.core.urls_tokened"
    text = without_secrets(
        "https://x.example/portal/sites/7/answers/secret/ /surveys/secret?a=b /events/fair/"
    )
    assert text == "https://x.example/portal/sites/7/answers/…/ /surveys/…?a=b /events/fair/"


def test_failed_mail_goes_out_again_at_one_stroke_after_a_question(client, supervisor):
    failed = [fail(mail(key=f"bulk:{n}", subject=f"Lost {n}")) for n in range(3)]
    uncertain = fail(mail(key="bulk:odd", subject="Odd one"), Status.UNKNOWN)
    here = reverse("desk:mail") + "?status=trouble"
    assert 'name="rows"' not in page(client).content.decode()
    assert "Send again" in client.get(here).content.decode()
    rows = [each.pk for each in (*failed, uncertain)]
    question = client.post(here, {"bulk": "resend", "rows": rows})
    assert "Send 4 mails again?" in question.content.decode()
    assert OutgoingMail.objects.filter(copy_of__isnull=False).count() == 0
    form = question.context["form"]
    data = {name: form[name].value() for name in ("bulk", "asked", "rows", "form_key")}
    done = client.post(here, data, follow=True).content.decode()
    assert "3 mails: on the way again." in done
    assert "Odd one" in done
    assert "This one is neither." in done
    assert OutgoingMail.objects.filter(copy_of__in=failed).count() == 3
