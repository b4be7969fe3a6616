"""Each mail: to whom, when, what it says, and when it is no longer wanted."""

import re
from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from core import clock
from core.mail.models import OutgoingMail
from core.mail.outbox import Reader, catalog
from core.words import day
from partnerships.businesses.models import Membership
from partnerships.businesses.services import add_membership, remove_membership
from partnerships.vetting import guards, sentences, services
from partnerships.vetting.emails import reminders
from partnerships.vetting.letters import draft_letter
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.factories.core import is_wanted

pytestmark = pytest.mark.django_db


def mails(application, template=""):
    rows = OutgoingMail.objects.filter(room="vetting", organization_id=application.organization_id)
    return [each for each in rows.order_by("pk") if template in each.dedupe_key]


def test_the_receipt_says_what_happens_next_and_by_when():
    application = vetting.submitted()
    (mail,) = mails(application)
    assert mail.subject == "Your application arrived"
    assert mail.to == application.applicant.email
    day = f"{application.promised_on:%B} {application.promised_on.day}, {application.promised_on.year}"
    assert day in mail.text
    assert day in mail.html
    assert f"/portal/applications/{application.pk}/" in mail.text
    assert is_wanted(mail)
    services.withdraw_application(application=application, actor=application.applicant)
    assert not is_wanted(mail)


def test_action_needed_names_what_is_asked_and_is_unwanted_once_answered():
    application = vetting.action_needed(fields=["contact_phone", "answer:values"])
    (mail,) = mails(application, "vetting.action")
    assert "A phone number we can reach you at" in mail.text
    assert "Alignment of values" in mail.text
    assert "Please tell us a little more." in mail.text
    assert is_wanted(mail)
    services.submit_application(application=application, actor=application.applicant)
    assert not is_wanted(mail)


def test_welcome_with_conditions_lists_them():
    application = vetting.decided("approved_with_conditions")
    (mail,) = mails(application, "vetting.decision")
    assert "Renew the license" in mail.text
    assert mail.subject == "Welcome as a partner"


def test_declined_gives_the_reason_and_how_to_appeal():
    application = vetting.decided("declined", letter="We could not find your license.")
    (mail,) = mails(application, "vetting.decision")
    assert "One or more of the published criteria are not met yet" in mail.text
    assert "You can appeal once, until" in mail.text
    assert "We could not find your license." in mail.text


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2027, 11, 7, 4, 30, tzinfo=UTC),  # 11:30 p.m. in Chicago, and the clocks change that night
        datetime(2027, 11, 8, 6, 0, tzinfo=UTC),  # midnight
        datetime(2027, 3, 14, 18, 0, tzinfo=UTC),  # noon of the day they change
    ],
)
def test_the_days_in_a_mail_are_the_days_on_the_owners_page(client, moment):
    with clock.at(moment):
        sent = vetting.submitted()
        (receipt,) = mails(sent)
        promised = day(sent.promised_on)
        page = reverse("portal:application_status", args=[sent.pk])
        assert (
            f"We promised an answer by {promised}"
            in sign_in(client, sent.applicant).get(page).content.decode()
        )
        assert f"by {promised}." in receipt.text
        declined = vetting.decided("declined")
        (letter,) = mails(declined, "vetting.decision")
        until = day(sentences.last_appeal_day(declined))
        page = reverse("portal:application_status", args=[declined.pk])
        shown = sign_in(client, declined.applicant).get(page).content.decode()
        assert f"You can appeal once, until {until}." in shown
        assert day(moment) in shown  # of the decision
        assert f"You can appeal once, until {until}." in letter.text


def test_a_withdrawal_by_the_owner_tells_the_officers_and_by_the_desk_the_owner():
    officer = OfficerFactory()
    application = vetting.in_review(reviewers=[officer])
    services.withdraw_application(application=application, actor=application.applicant)
    (mail,) = mails(application, "vetting.withdrawn")
    assert mail.to == officer.email
    other = vetting.submitted()
    services.withdraw_application(application=other, actor=officer)
    (mail,) = mails(other, "vetting.withdrawn")
    assert mail.to == other.applicant.email
    assert "As you asked" in mail.text


def test_a_withdrawn_draft_tells_nobody():
    application = vetting.draft()
    services.withdraw_application(application=application, actor=application.applicant)
    assert not mails(application)


def test_an_appeal_is_confirmed():
    application = vetting.at("appealed")
    (mail,) = mails(application, "vetting.appeal")
    assert "Other officers and another supervisor" in mail.text


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "A\r\nBcc: x@y.example",
        "{{ department }}",
        "{% now %}",
        "🙂" * 50,
        "https://evil.example/",
    ],
)
def test_a_hostile_name_stays_text(name):
    application = vetting.submitted(business=BusinessFactory(name=name[:190]))
    (mail,) = mails(application)
    assert "<script>" not in mail.html
    assert "\n" not in mail.subject
    assert 'href="https://evil' not in mail.html


def test_the_welcome_leads_to_the_owners_own_page_and_asks_for_nothing_no_page_keeps():
    application = vetting.decided("approved", letter=draft_letter(vetting.reviewed(), "approved"))
    mail = OutgoingMail.objects.get(subject="Welcome as a partner", to=application.applicant.email)
    assert re.search(rf"Go to your page:\s+\S+{reverse('portal:home')}\s", mail.text)
    assert "hours" not in mail.text


def test_the_digests_sample_says_what_this_room_writes():
    application = vetting.draft(business=BusinessFactory(organization__name="Lakeside Bakery"))
    line = reminders.draft(application, Reader.of(application.applicant), date(2026, 11, 16)).line
    sample = catalog()["mail/digest"].sample().lines[0]
    assert (sample.title, sample.text, sample.label) == (line.title, line.text, line.label)


def test_once_who_applied_was_removed_the_owner_who_is_left_gets_the_mails_and_they_do_not():
    application = vetting.in_review()
    left, stays = application.applicant, UserFactory(full_name="Bo Lee")
    add_membership(organization=application.organization, user=stays, role="owner", actor=None)
    assert guards.speaks_for(left, application)
    remove_membership(membership=Membership.objects.get(user=left), actor=stays)
    assert not guards.speaks_for(left, application)
    before = len(mails(application))
    officer = application.reviews.first().reviewer
    services.request_action(
        application=application,
        actor=officer,
        reason="unclear",
        message="Tell us more.",
        fields=["contact_phone"],
    )
    (mail,) = mails(application)[before:]
    assert (mail.to, mail.recipient_id) == (stays.email, stays.pk)
    assert "Bo Lee" in mail.text
    assert left.email not in mail.text


def test_a_claimant_who_waits_to_be_verified_gets_their_own_mails():
    application = vetting.submitted()
    assert not guards.applicant_left(application)
    assert [mail.to for mail in mails(application)] == [application.applicant.email]
