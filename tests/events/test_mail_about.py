"""Who sees an event sees that its mail went out; who sees contacts also to whom."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core import clock
from core.access import visible
from core.mail import reminders
from core.mail.models import OutgoingMail, Suppression
from events import services
from tests.factories.accounts import OfficerFactory, sign_in
from tests.factories.businesses import AreaFactory, DistrictAssignmentFactory
from tests.factories.events import EventFactory, morning, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def posted():
    """An officer of a district, who made an event there; one of another district; and an event elsewhere."""
    here, there = AreaFactory(), AreaFactory()
    officer, other = OfficerFactory(), OfficerFactory()
    DistrictAssignmentFactory(user=officer, area=here)
    DistrictAssignmentFactory(user=other, area=there)
    event = EventFactory(actor=officer, area=here, title="Talk about locks")
    elsewhere = EventFactory(actor=other, area=there, title="Talk about locks")
    for each, email in ((event, "ana@people.example"), (elsewhere, "bo@people.example")):
        place(each, email=email, notify=True)
    return officer, other, event, elsewhere


def text_of(client, event):
    page = client.get(reverse("desk:event_mail", args=[event.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_the_officer_who_made_an_event_sees_its_mail_and_no_other(client, posted):
    officer, other, event, elsewhere = posted
    assert [mail.to for mail in visible(OutgoingMail, officer)] == ["ana@people.example"]
    assert [mail.to for mail in visible(OutgoingMail, other)] == ["bo@people.example"]
    sign_in(client, officer)
    link = reverse("desk:event_mail", args=[event.pk])
    assert link in client.get(reverse("desk:event", args=[event.pk])).content.decode()
    page = text_of(client, event)
    assert "ana@people.example" in page
    assert "bo@people.example" not in page
    mail = OutgoingMail.objects.get(to="ana@people.example")
    address = reverse("desk:mail_message", args=[mail.pk])
    assert address in page
    assert client.get(address).status_code == 200
    assert "ana@people.example" in client.get(reverse("desk:mail")).content.decode()
    foreign = OutgoingMail.objects.get(to="bo@people.example")
    assert client.get(reverse("desk:mail_message", args=[foreign.pk])).status_code == 404
    assert client.get(reverse("desk:event_mail", args=[elsewhere.pk])).status_code == 404


def test_a_viewer_sees_that_mail_went_out_and_to_nobody_by_name(client, viewer, posted):
    _officer, _other, event, _elsewhere = posted
    sign_in(client, viewer)
    page = text_of(client, event)
    mail = OutgoingMail.objects.get(to="ana@people.example")
    assert mail.subject in page.replace("&#x27;", "'")
    assert "ana@people.example" not in page
    assert "Ana Ortiz" not in page
    assert reverse("desk:mail_message", args=[mail.pk]) not in page
    assert "ana@" not in client.get(reverse("desk:event_mail", args=[event.pk]) + "?q=ana").content.decode()
    assert client.get(reverse("desk:mail_message", args=[mail.pk])).status_code == 403
    assert not visible(OutgoingMail, viewer)


def test_a_member_sees_no_mail_at_the_desk(member, business):
    event = EventFactory()
    services.register_business(event=event, business=business, user=member, party_size=1)
    assert OutgoingMail.objects.filter(to=member.email).exists()
    assert not visible(OutgoingMail, member)


def test_reminders_are_listed_also_where_they_came_with_others_in_one_mail(client, posted, rules):
    officer, other, event, elsewhere = posted
    place(elsewhere, "Ana Ortiz", email="ana@people.example")
    with clock.at(morning(event) + timedelta(minutes=5)):
        reminders.plan()
    digest = OutgoingMail.objects.get(dedupe_key__startswith="digest:")
    sign_in(client, officer)
    page = text_of(client, event)
    assert digest.subject in page.replace("&#x27;", "'").replace("&amp;", "&")
    assert reverse("desk:mail_message", args=[digest.pk]) not in page, "it tells of the other event as well"
    assert client.get(reverse("desk:mail_message", args=[digest.pk])).status_code == 404


def test_mail_to_a_held_back_address_is_let_go_first_and_not_sent_again_in_vain(client, posted):
    officer, _other, _event, _elsewhere = posted
    mail = OutgoingMail.objects.get(to="ana@people.example")
    for status in ("sending", "attempting"):
        OutgoingMail.objects.filter(pk=mail.pk).update(status=status)
    OutgoingMail.objects.filter(pk=mail.pk).update(status="failed")
    sign_in(client, officer)
    address = reverse("desk:mail_message", args=[mail.pk])
    again = reverse("desk:mail_step", args=[mail.pk, "resend"])
    assert again in client.get(address).content.decode()
    Suppression.objects.create(address="ana@people.example", reason="bounce", at=clock.now())
    page = client.get(address).content.decode()
    assert again not in page
    assert "Mail to this address is held back" in page
    assert reverse("desk:mail_step", args=[mail.pk, "lift"]) in page
    client.post(again)
    assert OutgoingMail.objects.filter(copy_of=mail).count() == 0


def test_a_reminder_that_was_sent_again_says_what_it_is_about(client, posted, rules):
    officer, _other, event, _elsewhere = posted
    with clock.at(morning(event) + timedelta(minutes=5)):
        reminders.plan()
        mail = OutgoingMail.objects.get(template="events/reminder", to="ana@people.example")
        copy = OutgoingMail.objects.create(
            dedupe_key="copy", message_id="<copy@people.example>", copy_of=mail, category=mail.category,
            room="events", template=mail.template, subject_id=mail.subject_id, to=mail.to,
            subject=mail.subject, text=mail.text, why=mail.why,
        )  # fmt: skip
        sign_in(client, officer)
        page = client.get(reverse("desk:mail_message", args=[copy.pk])).content.decode()
    why = page.split("Why it was sent")[1].split("</section>")[0]
    assert event.title in why
    assert reverse("desk:event", args=[event.pk]) in why


def test_what_is_left_to_do_with_an_event_are_buttons_and_what_can_be_read_are_links(client, officer, desk):
    event = EventFactory(registration="drop_in", capacity=None, actor=officer)
    page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
    assert "Close registration" not in page
    steps = page.split("Next steps")[1].split("</section>")[0]
    assert "Cancel the event" in steps
    assert steps.count("<a ") == steps.count('<a class="usa-button')
    links = page.split("See also")[1].split("</section>")[0]
    assert "usa-button" not in links
    assert links.count("<a ") == 3
    with clock.at(event.ends_at):
        page = desk.get(reverse("desk:event", args=[event.pk])).content.decode()
        assert reverse("desk:event_move", args=[event.pk, "archive"]) in page
        desk.post(reverse("desk:event_move", args=[event.pk, "archive"]))
    event.refresh_from_db()
    assert event.status == "archived"


def test_the_number_of_people_is_not_changed_without_end_by_a_link(client, desk, officer):
    event = EventFactory(actor=officer)
    row = place(event, email="ana@people.example")
    address = reverse("public:registration_resize", args=[row.token])
    for n in range(10):
        assert client.post(address, {"party_size": str(2 + n % 2)}).status_code == 302
    page = client.post(address, {"party_size": "5"})
    assert page.status_code == 429
    body = page.content.decode()
    assert "The number was changed ten times within ten minutes" in body
    assert 'value="5"' in body, "what was typed stays"
    row.refresh_from_db()
    assert row.party_size == 3
    assert OutgoingMail.objects.filter(template="events/resized").count() == 10
    assert client.get(address).status_code == 200
    other = place(event, email="bo@people.example")
    there = reverse("public:registration_resize", args=[other.token])
    assert client.post(there, {"party_size": "2"}).status_code == 302, "each registration has its own count"
    at_desk = reverse("desk:registration_resize", args=[event.pk, row.pk])
    assert desk.post(at_desk, {"party_size": "4"}).status_code == 302, "whoever calls the desk is helped"
