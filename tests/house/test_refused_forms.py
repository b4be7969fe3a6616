"""A service refuses what a form asks: the sentence stands beside the field, and what was typed stays.

Nothing is written then, and neither "Back" nor a reload after the answer loses or writes anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from core import clock
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from events.models import Registration
from events.services import register_business
from partnerships.businesses.models import Business, Claim, Invitation, Organization
from partnerships.businesses.services import refuse_claim
from partnerships.vetting import services
from partnerships.vetting.forms import ReviewForm
from partnerships.vetting.models import ActionRequest, Application, Decision, Reconciliation, Review
from partnerships.vetting.services.drafting import MOST_UNVERIFIED
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, ClaimFactory, MembershipFactory
from tests.factories.events import EventFactory, place

pytestmark = pytest.mark.django_db
WRITTEN = (
    ActionRequest, Application, Business, Claim, Decision, Invitation, Organization, Reconciliation,
    Registration, Review,
)  # fmt: skip
# Reading is on record as well, and changes nothing.
READING = ("vetting.application_read", "vetting.reviews_read", "core.denied")


@dataclass(frozen=True)
class Case:
    """A form that its service refuses.

    Args:
        browser: of whoever may open the page.
        path: where the form is posted.
        typed: what was typed.
        kept: text that has to stand on the answer.
        says: the sentence.
        field: the field beside which it stands; "" for above all.
        status: of the answer.
    """

    browser: Client
    path: str
    typed: dict[str, Any]
    kept: str
    says: str
    field: str = ""
    status: int = 403


def of(user: Any) -> Client:
    return sign_in(Client(), user)


def desk(name: str, row: Any) -> str:
    return reverse(f"desk:{name}", args=[row.pk])


def a_visit_in_the_future() -> Case:
    day = (clock.today() + timedelta(days=3)).isoformat()
    application = vetting.submitted()
    return Case(
        of(OfficerFactory()), desk("application_visit", application), {"visited_on": day},
        f'value="{day}"', "can’t lie in the future", "visited_on",
    )  # fmt: skip


def a_visit_after_the_withdrawal() -> Case:
    application = vetting.submitted()
    services.withdraw_application(application=application, actor=application.applicant)
    day = clock.today().isoformat()
    return Case(
        of(OfficerFactory()), desk("application_visit", application), {"visited_on": day},
        f'value="{day}"', "This application is closed.",
    )  # fmt: skip


def a_track_below_the_rule() -> Case:
    application = vetting.submitted(involves_youth=True)
    return Case(
        of(OfficerFactory()), desk("application_track", application), {"track": "basic"},
        'value="basic" checked', "The rule asks for the full track", "track",
    )  # fmt: skip


def a_question_to_the_owner_when_a_colleague_was_quicker() -> Case:
    application = vetting.in_review()
    services.withdraw_application(application=application, actor=application.applicant)
    typed = {"reason": "missing", "fields_": ["offers"], "message": "How many chairs?"}
    return Case(
        of(OfficerFactory()), desk("application_ask", application), typed,
        "How many chairs?", "This application is already “Withdrawn”", status=409,
    )  # fmt: skip


def help_with_an_application_that_is_open_already() -> Case:
    application = vetting.submitted()
    site = application.sites.get()
    return Case(
        of(OfficerFactory()), desk("application_assist", site), {"contact_email": "ana@shop.example"},
        'value="ana@shop.example"', "open",
    )  # fmt: skip


def _with_many_drafts() -> Any:
    owner = UserFactory()
    for _each in range(MOST_UNVERIFIED):
        vetting.draft(owner=owner)
    return owner


def a_claim_by_someone_with_many_drafts() -> Case:
    browser = of(_with_many_drafts())
    path = reverse("portal:application_claim", args=[BusinessFactory().pk])
    return Case(browser, path, {"note": "I manage the store."}, "I manage the store.", "Send or withdraw one")


def a_business_added_by_someone_with_many_drafts() -> Case:
    typed = {
        "name": "Corner Bean", "street": "12 Oak St", "city": "Riverton", "state": "IL",
        "postal_code": "60614", "note": "I own it.", "sure": "on", "form_key": "a",
    }  # fmt: skip
    return Case(
        of(_with_many_drafts()), reverse("portal:application_add"), typed, "I own it.", "Send or withdraw one"
    )


def a_decision_below_the_minimum_without_an_override() -> Case:
    application = vetting.reviewed(values=1)
    typed = {"outcome": "approved", "letter": "Welcome to all of you.", "action": "decide", **NO_CONDITIONS}
    return Case(
        of(SupervisorFactory()), desk("decide", application), typed,
        "Welcome to all of you.", "write the reason for an override", "override_reason",
    )  # fmt: skip


NO_CONDITIONS = {"condition-TOTAL_FORMS": "3", "condition-INITIAL_FORMS": "0"}


def a_decision_that_a_colleague_made_first() -> Case:
    application = vetting.decided(decider=SupervisorFactory(full_name="Ann First"))
    typed = {"outcome": "declined", "letter": "We looked at it long.", "action": "decide", **NO_CONDITIONS}
    return Case(
        of(SupervisorFactory()), desk("decide", application), typed,
        "We looked at it long.", "Ann First", status=409,
    )  # fmt: skip


def a_score_that_a_colleague_agreed_on_first() -> Case:
    one, two = OfficerFactory(), OfficerFactory()
    application = vetting.in_review(reviewers=[one, two], involves_youth=True)
    code = vetting.CODES[0]
    for review, value in zip(application.reviews.order_by("pk"), (1, 3), strict=True):
        vetting.score(review, {**dict.fromkeys(vetting.CODES, 3), code: value})
    criterion = application.criteria_version.criteria.get(code=code)
    services.reconcile(application=application, criterion=criterion, value=2, note="We met.", actor=one)
    typed = {"criterion": code, f"{code}-value": "3", f"{code}-note": "I still think so."}
    return Case(
        of(two), desk("reconcile", application), typed,
        "I still think so.", "There is nothing to agree on here.",
    )  # fmt: skip


def a_review_that_was_handed_in_from_another_window() -> Case:
    officer = OfficerFactory()
    application = vetting.in_review(reviewers=[officer])
    vetting.score(application.reviews.get())
    typed = {f"note-{vetting.CODES[0]}": "One more thing.", f"score-{vetting.CODES[0]}": "1"}
    typed["version"] = ReviewForm(review=application.reviews.get())["version"].value()
    return Case(
        of(officer), desk("review", application), {**typed, "action": "save"},
        "One more thing.", "Your review is in.",
    )  # fmt: skip


RSVP = {
    "name": "Ana Ortiz",
    "email": "ana@people.example",
    "party_size": "2",
    "accommodation": "A front seat",
}


def a_place_at_an_event_that_closed_meanwhile() -> Case:
    event = EventFactory(status="closed")
    return Case(
        Client(), reverse("public:rsvp", args=[event.slug]), RSVP, "A front seat", "Registration is closed.",
    )  # fmt: skip


def a_wrong_code() -> Case:
    event, browser = EventFactory(), Client()
    browser.post(reverse("public:rsvp", args=[event.slug]), RSVP)
    typed = {"email": "ana@people.example", "code": "12345"}
    # A mistake to correct, as the form itself finds them.
    return Case(
        browser, reverse("public:rsvp_confirm", args=[event.slug]), typed,
        'value="12345"', "This code is not right", "code", status=200,
    )  # fmt: skip


def _site_of(organization: Organization) -> Business:
    return Business.objects.filter(organization=organization).first() or BusinessFactory(
        organization=organization
    )


def a_business_at_an_event_that_closed_meanwhile() -> Case:
    membership = MembershipFactory(user=UserFactory(), role="owner")
    event = EventFactory(status="closed")
    site = _site_of(membership.organization)
    typed = {"business": str(site.pk), "party_size": "2", "accommodation": "A front seat"}
    return Case(
        of(membership.user), reverse("portal:event_register", args=[event.slug]), typed,
        "A front seat", "Registration is closed.",
    )  # fmt: skip


def a_business_that_a_colleague_registered_first() -> Case:
    mine = MembershipFactory(user=UserFactory(), role="owner")
    site = Business.objects.filter(organization=mine.organization).first() or BusinessFactory(
        organization=mine.organization
    )
    other = MembershipFactory(
        user=UserFactory(full_name="Ben Quick"), organization=mine.organization, role="owner"
    )
    event = EventFactory()

    register_business(event=event, business=site, user=other.user, party_size=1, accommodation="")
    typed = {"business": str(site.pk), "party_size": "2", "accommodation": "A front seat"}
    return Case(
        of(mine.user), reverse("portal:event_register", args=[event.slug]), typed,
        "A front seat", "Ben Quick has already registered", "business",
    )  # fmt: skip


def a_caller_who_has_a_place_already() -> Case:
    event = EventFactory()
    place(event, email="ana@people.example")
    return Case(
        of(OfficerFactory()), desk("registration_add", event), {**RSVP, "phone": "", "form_key": "a"},
        "A front seat", "already registered", "email",
    )  # fmt: skip


def _settled_by(first: Any) -> Claim:
    claim = ClaimFactory(user=UserFactory())
    refuse_claim(claim=claim, actor=first, reason="Already told.")
    return claim


def a_claim_refused_after_a_colleague_settled_it() -> Case:
    claim = _settled_by(OfficerFactory(full_name="Ann First"))
    typed = {"refuse": "1", "reason": "Bring the lease, please."}
    return Case(
        of(OfficerFactory()), desk("claim", claim), typed,
        "Bring the lease, please.", "Ann First changed it.", status=409,
    )  # fmt: skip


def a_claim_verified_after_a_colleague_settled_it() -> Case:
    claim = _settled_by(OfficerFactory(full_name="Ann First"))
    typed = {"verify": "1", "method": "call", "reach": "site"}
    return Case(
        of(OfficerFactory()), desk("claim", claim), typed,
        "I called the number on record", "Ann First changed it.", status=409,
    )  # fmt: skip


def a_listing_of_a_business_that_is_no_partner_any_more() -> Case:
    membership = MembershipFactory(user=UserFactory(), role="owner")
    site = _site_of(membership.organization)
    return Case(
        of(membership.user), reverse("portal:business_listing", args=[site.pk]), {"agree": "on"},
        "checked", "Only partners can be in the public directory.",
    )  # fmt: skip


def a_count_of_walk_ins_when_it_is_too_late_to_correct() -> Case:
    event = EventFactory(in_days=-40)
    return Case(
        of(OfficerFactory()), reverse("desk:attendance_count", args=[event.pk, "walk-ins"]), {"count": "17"},
        'value="17"', "Attendance can be corrected for 30 days",
    )  # fmt: skip


def a_count_that_is_no_number() -> Case:
    event = EventFactory(in_days=-1, registration="drop_in")
    return Case(
        of(OfficerFactory()), reverse("desk:attendance_count", args=[event.pk, "headcount"]), {"count": "-3"},
        'value="-3"', "greater than or equal to 0", "count", status=200,
    )  # fmt: skip


def _after_a_withdrawal(application: Application) -> Application:
    services.withdraw_application(application=application, actor=OfficerFactory(full_name="Ann First"))
    return application


def an_answer_after_the_withdrawal() -> Case:
    application = vetting.in_review()
    services.request_action(
        application=application,
        actor=SupervisorFactory(),
        reason="missing",
        fields=["offers"],
        message="How many?",
    )
    owner = _after_a_withdrawal(application).applicant
    return Case(
        of(owner), reverse("portal:application_answer", args=[application.pk]), {"offers": "Forty chairs."},
        "Forty chairs.", "can’t be done now: the application is “Withdrawn”", status=409,
    )  # fmt: skip


def a_step_after_the_withdrawal() -> Case:
    application = _after_a_withdrawal(vetting.submitted())
    path = reverse("portal:application_step", args=[application.pk, "profile"])
    return Case(
        of(application.applicant), path, {"hopes": "A safer corner.", "action": "later"},
        "A safer corner.", "can’t be done now: the application is “Withdrawn”", status=409,
    )  # fmt: skip


def an_appeal_of_what_is_not_declined() -> Case:
    application = _after_a_withdrawal(vetting.submitted())
    path = reverse("portal:application_appeal", args=[application.pk])
    return Case(
        of(application.applicant), path, {"text": "Look once more, please."},
        "Look once more, please.", "can’t be done now: the application is “Withdrawn”", status=409,
    )  # fmt: skip


def an_appeal_that_comes_a_month_later() -> Case:
    application = vetting.decided("declined")
    long_ago = clock.now() - timedelta(days=40)
    Application.objects.filter(pk=application.pk).update(decided_at=long_ago)
    path = reverse("portal:application_appeal", args=[application.pk])
    return Case(
        of(application.applicant), path, {"text": "Look once more, please."},
        "Look once more, please.", "The 30 days for an appeal are over.",
    )  # fmt: skip


def a_claim_of_a_business_that_another_window_claimed_first() -> Case:
    application = vetting.draft()
    path = reverse("portal:application_claim", args=[application.sites.get().pk])
    return Case(
        of(application.applicant), path, {"note": "I have run it since 2012."},
        "I have run it since 2012.", "You have begun to apply for this business already", status=409,
    )  # fmt: skip


CASES: tuple[Callable[[], Case], ...] = (
    a_visit_in_the_future,
    a_visit_after_the_withdrawal,
    a_track_below_the_rule,
    a_question_to_the_owner_when_a_colleague_was_quicker,
    help_with_an_application_that_is_open_already,
    a_claim_by_someone_with_many_drafts,
    a_business_added_by_someone_with_many_drafts,
    a_decision_below_the_minimum_without_an_override,
    a_decision_that_a_colleague_made_first,
    a_score_that_a_colleague_agreed_on_first,
    a_review_that_was_handed_in_from_another_window,
    a_place_at_an_event_that_closed_meanwhile,
    a_wrong_code,
    a_business_at_an_event_that_closed_meanwhile,
    a_business_that_a_colleague_registered_first,
    a_caller_who_has_a_place_already,
    a_claim_refused_after_a_colleague_settled_it,
    a_claim_verified_after_a_colleague_settled_it,
    a_listing_of_a_business_that_is_no_partner_any_more,
    a_count_of_walk_ins_when_it_is_too_late_to_correct,
    a_count_that_is_no_number,
    an_answer_after_the_withdrawal,
    a_step_after_the_withdrawal,
    an_appeal_of_what_is_not_declined,
    an_appeal_that_comes_a_month_later,
    a_claim_of_a_business_that_another_window_claimed_first,
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


def written() -> list[Any]:
    """All rows that these forms could write, and what is on record; a wrong code is counted, no more."""
    rows: list[Any] = []
    for model in WRITTEN:
        names = [each.attname for each in model._meta.concrete_fields if each.name != "code_tries"]
        rows.append(list(model._base_manager.order_by("pk").values(*names)))
    return [*rows, AuditEntry.objects.exclude(verb__in=READING).count()]


@pytest.mark.parametrize("make", CASES, ids=lambda make: make.__name__)
def test_what_a_service_refuses_is_said_beside_the_field_and_nothing_typed_is_lost(
    make: Callable[[], Case],
) -> None:
    case = make()
    before = written()
    for answer in (case.browser.post(case.path, case.typed), case.browser.post(case.path, case.typed)):
        body = answer.content.decode()
        assert answer.status_code == case.status, body
        assert case.says in body
        assert case.kept in body
        # Who at the department was quicker is not the owner's to know.
        assert case.path.startswith("/desk/") or "Ann First" not in body
        if case.field:
            beside = body.partition(f'{case.field}_error">')[2]
            assert case.says in beside.partition("</p>")[0]
        assert written() == before


def test_an_invitation_sent_twice_from_the_same_page_is_one() -> None:
    membership = MembershipFactory(user=UserFactory(), role="owner")
    browser = of(membership.user)
    path = reverse("portal:person_invite", args=[membership.organization_id])
    typed = {"email": "cy@shop.example", "role": "staff", "reach": "all", "form_key": "a"}
    told = [browser.post(path, typed, follow=True).content.decode() for _each in range(2)]
    assert all("An invitation is on its way to cy@shop.example" in body for body in told)
    assert Invitation.objects.get().revoked_at is None
    assert OutgoingMail.objects.filter(to="cy@shop.example").count() == 1


def test_a_small_form_leads_from_its_own_address_back_to_the_application() -> None:
    application, browser = vetting.submitted(), of(OfficerFactory())
    for name in ("application_visit", "application_track", "application_reviewers"):
        assert browser.get(desk(name, application)).url == desk("application", application)
