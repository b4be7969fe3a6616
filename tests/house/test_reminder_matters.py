"""The staff's page of a mail names what its reminders are about, to those who may see it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core import clock
from core.mail import reminders
from core.mail.desk import page as mail_page
from core.mail.models import OutgoingMail, Reminder, ReminderRule
from core.mail.purposes import Category
from core.mail.reminders import plan
from partnerships.businesses.models import Invitation
from partnerships.vetting.models import Condition
from tests.factories.accounts import SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, ClaimFactory
from tests.factories.events import EventFactory, morning, place
from tests.factories.vetting import action_needed, draft

pytestmark = pytest.mark.django_db
ANA = "ana@people.example"


@pytest.fixture
def digest():
    """A mail that reminds of two events."""
    near = EventFactory(in_days=9, title="Coffee with a cop")
    far = EventFactory(starts_at=near.starts_at, title="Robbery prevention")
    for event in (near, far):
        place(event, "Ana", email=ANA)
    plan(morning(near))
    return OutgoingMail.objects.get(category=Category.REMINDER), near, far


def test_each_date_of_a_digest_is_named_and_linked(client, digest):
    mail, *events = digest
    sign_in(client, SupervisorFactory())
    page = client.get(reverse("desk:mail_message", args=[mail.pk])).content.decode()
    for event in events:
        assert f'<a href="{reverse("desk:event", args=[event.pk])}">{event.title}</a>' in page


def test_who_may_not_see_what_it_is_about_reads_only_the_rule_and_the_date(digest):
    mail, *_events = digest
    assert {row["matter"] for row in mail_page.reminder_rows(UserFactory(), mail)} == {None}
    assert {row["matter"].title for row in mail_page.reminder_rows(SupervisorFactory(), mail)} == {
        "Coffee with a cop",
        "Robbery prevention",
    }


def test_ten_dates_more_take_no_more_queries(digest):
    mail, near, _far = digest
    viewer, counted = SupervisorFactory(), []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            mail_page.reminder_rows(viewer, mail)
        counted.append(len(asked))
        for number in range(10):
            row = place(EventFactory(title=f"Talk {number}"), "Ana", email=ANA)
            Reminder.objects.create(
                key=f"more-{row.pk}", rule=ReminderRule.objects.get(key="event-day-before"), mail=mail,
                subject_id=row.pk, recipient="x", to=ANA, anchor=near.starts_at, due_at=near.starts_at,
                useless_after=near.starts_at,
            )  # fmt: skip
    assert counted[0] == counted[1]


def test_claims_and_invitations_are_named_by_their_business():
    viewer, known = SupervisorFactory(), reminders.sources()
    place_of_it = BusinessFactory()
    claim = ClaimFactory(business=place_of_it, user=UserFactory())
    found = known["businesses.claim"].matters(viewer, [claim.pk])[claim.pk]
    assert (found.title, found.url) == (place_of_it.name, reverse("desk:claim", args=[claim.pk]))
    invitation = Invitation.objects.create(
        organization=place_of_it.organization, email=ANA, invited_by=UserFactory(),
        expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    for key in ("businesses.invitation", "businesses.invitation_expiring"):
        found = known[key].matters(viewer, [invitation.pk])[invitation.pk]
        assert found.title == place_of_it.organization.name
        assert found.url == reverse("desk:business", args=[place_of_it.pk])
        assert known[key].matters(UserFactory(), [invitation.pk]) == {}


def test_what_hangs_on_an_application_is_named_by_it_and_drafts_only_to_who_sees_them():
    viewer, known = SupervisorFactory(), reminders.sources()
    asked = action_needed()
    request, url = asked.action_requests.get(), reverse("desk:application", args=[asked.pk])
    matters = {
        "vetting.promise": asked.pk,
        "vetting.approval": asked.pk,
        "vetting.action": request.pk,
        "vetting.condition": Condition.objects.create(
            application=asked, text="Mend the light", due_on=clock.today()
        ).pk,
    }
    for key, number in matters.items():
        found = known[key].matters(viewer, [number])[number]
        assert (found.title, found.url) == (asked.organization.name, url)
    unsent = draft()
    assert known["vetting.draft"].matters(viewer, [unsent.pk]) == {}
