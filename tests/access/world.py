"""A small world for the access tests: two districts, and in each an owner, an officer and what they work on.

`home` holds objects that the owner and the officer of district 1 may see; `away` those of district 2.
`SAMPLES` says for each URL with arguments which objects it is tried on. **A new URL with arguments needs an
entry there and two lines in matrix.csv** (`.venv/bin/python -m tests.access.suggest` prints them).
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client

from core import clock
from core.mail import consents
from core.mail import links as mail_links
from core.mail.models import MailWording, OutgoingMail, Reminder, ReminderRule, Suppression
from core.models import AuditEntry, Department
from events.models import Registration
from partnerships.businesses import services as businesses
from partnerships.businesses.models import ImportBatch, Industry
from partnerships.vetting import services as vetting
from tests.factories import files
from tests.factories import vetting as applications
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    SupervisorFactory,
    UserFactory,
    ViewerFactory,
    sign_in,
)
from tests.factories.businesses import (
    AreaFactory,
    BeatFactory,
    BusinessFactory,
    ClaimFactory,
    ContactFactory,
    DistrictAssignmentFactory,
    MembershipFactory,
)
from tests.factories.core import mail
from tests.factories.events import EventFactory, place
from tests.factories.jobs import job

ROLES = ("visitor", "owner", "officer", "supervisor", "viewer", "admin")


@dataclass
class World:
    """People by role, and the objects of both districts."""

    people: dict[str, Any]
    strangers: dict[str, Any]
    home: SimpleNamespace
    away: SimpleNamespace
    sessions: dict[str, str] = field(default_factory=dict)

    def client(self, role: str, *, stranger: bool = False) -> Client:
        """A new browser in which someone of the role is signed in, second factor included."""
        browser = Client(raise_request_exception=False)
        key = sign_in_key(role, stranger)
        if key in self.sessions:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[key]
        return browser

    def user(self, role: str) -> Any:
        """Someone of the role, or an anonymous visitor."""
        return self.people[role] or AnonymousUser()


def sign_in_key(role: str, stranger: bool) -> str:
    """Under which a session is kept."""
    return f"strange {role}" if stranger else role


def build() -> World:
    """Make the world. Call it inside a transaction that is rolled back."""
    Department.objects.create(pk=1)
    applications.first_version()
    home_area, away_area = BeatFactory(parent=AreaFactory()), BeatFactory(parent=AreaFactory())
    people = {
        "visitor": None,
        "owner": UserFactory(email="owner@home.example", full_name="Rosa Diaz"),
        "officer": OfficerFactory(full_name="Dana Reyes"),
        "supervisor": SupervisorFactory(full_name="Sam Stone"),
        "viewer": ViewerFactory(full_name="Vi Newton"),
        "admin": AdminFactory(full_name="Alex Boss"),
    }
    strangers = {
        "owner": UserFactory(email="owner@away.example"),
        "officer": OfficerFactory(full_name="Far Away"),
    }
    assigned = DistrictAssignmentFactory(user=people["officer"], area=home_area.parent)
    DistrictAssignmentFactory(user=strangers["officer"], area=away_area.parent)
    home = with_settings(side(home_area, people["owner"], people["officer"]), assigned)
    away = side(away_area, strangers["owner"], strangers["officer"])
    world = World(people=people, strangers=strangers, home=home, away=away)
    # Now, because what a single test signs in is rolled back with it.
    for stranger, group in ((False, people), (True, strangers)):
        for role, user in group.items():
            if user is not None:
                browser = sign_in(Client(), user)
                cookie = browser.cookies[settings.SESSION_COOKIE_NAME]
                world.sessions[sign_in_key(role, stranger)] = cookie.value
    return world


def with_settings(home: SimpleNamespace, assignment: Any) -> SimpleNamespace:
    """Add to a side what belongs to no district: the rows that only an administrator opens."""
    home.assignment = assignment
    home.audit = AuditEntry.objects.create(verb="access.tested", actor_label="test")
    home.tried_import, home.import_job = (job("done", dry_run=dry_run) for dry_run in (True, False))
    home.batch = ImportBatch.objects.create(kind="businesses", file_name="licenses.csv")
    home.rule = ReminderRule.objects.order_by("pk").first()
    home.planned = Reminder.objects.create(
        key="access", rule=home.rule, subject_id=1, recipient="user-1", to="ana@people.example",
        anchor=clock.now(), due_at=clock.now(), useless_after=clock.now(), dropped="unwanted",
    )  # fmt: skip
    home.consent = consents.record(
        address="gone@people.example", purpose="reminders", given=False, how="desk", wording="Asked by phone."
    )
    home.industry = Industry.objects.order_by("pk").first()
    return home


def side(area: Any, owner: Any, officer: Any) -> SimpleNamespace:
    """What the owner and the officer of one district work on."""
    side = SimpleNamespace(area=area, owner=owner, officer=officer)
    side.business = BusinessFactory(area=area, standing="partner")
    side.organization = side.business.organization
    side.membership = MembershipFactory(user=owner, business=side.business)
    side.business = businesses.list_business(
        business=side.business, actor=owner, wording=businesses.listing_wording(side.business)
    )
    side.colleague = MembershipFactory(user=UserFactory(), business=side.business, role="staff")
    side.invitation = businesses.invite_member(
        organization=side.organization,
        email=f"colleague{side.organization.pk}@people.example",
        role="staff",
        sites=None,
        actor=owner,
    )
    neighbor = MembershipFactory(user=UserFactory(), business=BusinessFactory(area=area))
    side.invited = businesses.invite_member(
        organization=neighbor.organization, email=owner.email, role="staff", sites=None, actor=neighbor.user
    )
    side.contact = ContactFactory(business=side.business)
    unreachable = ContactFactory(business=side.business, email=f"gone{side.business.pk}@people.example")
    side.suppression = Suppression.objects.create(address=unreachable.email, reason="bounce")
    side.claim = ClaimFactory(business=BusinessFactory(area=area), user=UserFactory())
    side.prospect = BusinessFactory(area=area)
    side.draft = applications.draft(business=BusinessFactory(area=area), owner=owner)
    criterion = side.draft.criteria_version.criteria.order_by("position").first()
    side.evidence = vetting.add_evidence_file(
        application=side.draft,
        criterion=criterion,
        name="license.png",
        upload=io.BytesIO(files.png()),
        actor=owner,
    )
    side.assisted = applications.assisted_draft(business=BusinessFactory(area=area), officer=officer)
    side.assisted_evidence = vetting.add_evidence_file(
        application=side.assisted,
        criterion=criterion,
        name="license.png",
        upload=io.BytesIO(files.png()),
        actor=officer,
    )
    side.submitted = applications.submitted(business=BusinessFactory(area=area), owner=owner)
    side.in_review = applications.in_review(
        business=BusinessFactory(area=area), owner=owner, reviewers=[officer]
    )
    side.reviewed = applications.reviewed(business=BusinessFactory(area=area), owner=owner)
    side.action_needed = applications.action_needed(business=BusinessFactory(area=area), owner=owner)
    side.conditional = applications.decided(
        "approved_with_conditions", business=BusinessFactory(area=area), owner=owner
    )
    side.condition = side.conditional.conditions.first()
    side.assisted_action_needed = _assisted_in_review(area, officer)
    side.assisted_action_needed = vetting.request_action(
        application=side.assisted_action_needed,
        reason="missing",
        fields=["contact_phone"],
        message="Please tell us a little more.",
        actor=officer,
    )
    side.assisted_declined = _assisted_in_review(area, officer)
    for review in side.assisted_declined.reviews.active():
        applications.score(review)
    side.assisted_declined = vetting.decide_application(
        application=side.assisted_declined,
        outcome="declined",
        letter=applications.LETTER,
        reason_codes=["criteria"],
        actor=SupervisorFactory(),
    )
    side.declined = applications.decided("declined", business=BusinessFactory(area=area), owner=owner)
    side.event = EventFactory(area=area, actor=officer)
    side.registration = place(side.event, name="Rosa Diaz", email=owner.email, business=side.business)
    Registration.objects.filter(pk=side.registration.pk).update(user=owner)
    side.reminder = mail(category="reminder", to=owner.email, recipient_id=owner.pk)
    side.job = job(owner=officer)
    side.mail = mail(organization_id=side.organization.pk, recipient_id=owner.pk)
    for status in ("sending", "attempting", "failed"):
        OutgoingMail.objects.filter(pk=side.mail.pk).update(status=status)
    return side


def _assisted_in_review(area: Any, officer: Any) -> Any:
    application = applications.assisted_draft(business=BusinessFactory(area=area), officer=officer)
    application = vetting.submit_application(application=application, actor=officer)
    for _each in range(application.criteria_version.reviewers_for(application.track)):
        reviewer = OfficerFactory()
        review = vetting.assign_reviewer(application=application, reviewer=reviewer, actor=officer)
        vetting.declare_conflict(review=review, proceed=True, actor=reviewer)
    application.refresh_from_db()
    return application


Sample = Callable[[SimpleNamespace], dict[str, Any]]


def _pk(name: str, **more: Any) -> Sample:
    return lambda side: {"pk": getattr(side, name).pk, **more}


# For each URL with arguments: the objects of one side it is tried on.
SAMPLES: dict[str, Sample] = {
    "public:partner": lambda side: {"slug": side.business.slug},
    "public:event": lambda side: {"slug": side.event.slug},
    "public:event_ics": lambda side: {"slug": side.event.slug},
    "public:rsvp": lambda side: {"slug": side.event.slug},
    "public:rsvp_confirm": lambda side: {"slug": side.event.slug},
    "public:rsvp_resend": lambda side: {"slug": side.event.slug},
    "public:registration": lambda side: {"token": side.registration.token},
    "public:registration_ics": lambda side: {"token": side.registration.token},
    "public:registration_resize": lambda side: {"token": side.registration.token},
    "public:preferences": lambda side: {"token": mail_links.page_token(side.reminder.message_id)},
    "public:unsubscribe": lambda side: {"token": mail_links.one_click_token(side.reminder)},
    "portal:event_register": lambda side: {"slug": side.event.slug},
    "portal:event_cancel": _pk("registration"),
    "portal:event_resize": _pk("registration"),
    "portal:application_claim": _pk("prospect"),
    "portal:application_status": _pk("submitted"),
    "portal:application_answer": _pk("action_needed"),
    "portal:application_withdraw": _pk("submitted"),
    "portal:application_appeal": _pk("declined"),
    "portal:application_step": _pk("draft", step="profile"),
    "portal:evidence": _pk("evidence"),
    "portal:business": _pk("business"),
    "portal:business_edit": _pk("business"),
    "portal:business_listing": _pk("business"),
    "portal:person_invite": _pk("organization"),
    "portal:person_edit": _pk("colleague"),
    "portal:person_remove": _pk("colleague"),
    "portal:invitation_revoke": _pk("invitation"),
    "portal:invitation": lambda side: {"token": businesses.invitation_token(side.invited)},
    "desk:business": _pk("business"),
    "desk:business_edit": _pk("business"),
    "desk:contact_add": _pk("business"),
    "desk:contact_edit": _pk("contact"),
    "desk:contact_mail": _pk("contact"),
    "desk:contact_mail_lift": _pk("contact"),
    "desk:contact_remove": _pk("contact"),
    "desk:organization_edit": _pk("organization"),
    "desk:claim": _pk("claim"),
    "desk:application_assist": _pk("prospect"),
    "desk:application": _pk("submitted"),
    "desk:application_fill": _pk("assisted", step="profile"),
    "desk:application_answer": _pk("assisted_action_needed"),
    "desk:application_appeal": _pk("assisted_declined"),
    "desk:application_reviewers": _pk("submitted"),
    "desk:application_track": _pk("submitted"),
    "desk:application_visit": _pk("in_review"),
    "desk:application_claim": _pk("submitted"),
    "desk:application_ask": _pk("in_review"),
    "desk:application_withdraw": _pk("submitted"),
    "desk:application_letter": _pk("declined"),
    "desk:review": _pk("in_review"),
    "desk:review_declare": _pk("in_review"),
    "desk:review_score": lambda side: {"pk": side.in_review.pk, "code": applications.CODES[0]},
    "desk:reconcile": _pk("reviewed"),
    "desk:decide": _pk("reviewed"),
    "desk:condition": _pk("condition"),
    "desk:evidence": _pk("assisted_evidence"),
    "desk:event": _pk("event"),
    "desk:event_edit": _pk("event"),
    "desk:event_cancel": _pk("event"),
    "desk:event_move": _pk("event", move="close"),
    "desk:registration_add": _pk("event"),
    "desk:registration_resize": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:registration_cancel": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:event_attendance": _pk("event"),
    "desk:attendance_mark": lambda side: {"pk": side.event.pk, "registration_pk": side.registration.pk},
    "desk:attendance_count": _pk("event", what="headcount"),
    "desk:attendance_print": _pk("event"),
    "desk:attendance_export": _pk("event"),
    "desk:job": _pk("job"),
    "desk:job_stop": _pk("job"),
    "desk:import_run": _pk("tried_import"),
    "desk:import_rows": _pk("import_job"),
    "desk:mail_message": _pk("mail"),
    "desk:mail_preview": _pk("mail"),
    "desk:mail_step": _pk("mail", step="resend"),
    "desk:mail_held_back_lift": _pk("suppression"),
    "account_reset_password_from_key": lambda side: {"uidb36": "1", "key": "none"},
    "admin:app_list": lambda side: {"app_label": "accounts"},
    "admin:mail_mailwording_preview": lambda side: {"pk": MailWording.objects.get(template="mail/test").pk},
}

# For the pages of Django admin: the row that each model is tried on.
ADMIN_ROWS: dict[str, Callable[[World], Any]] = {
    "events_event": lambda world: world.home.event,
    "events_registration": lambda world: world.home.registration,
    "vetting_criteriaversion": lambda world: world.home.draft.criteria_version,
    "vetting_selectioncriterion": lambda world: world.home.draft.criteria_version.criteria.first(),
    "vetting_application": lambda world: world.home.submitted,
    "businesses_organization": lambda world: world.home.organization,
    "businesses_business": lambda world: world.home.business,
    "businesses_contact": lambda world: world.home.contact,
    "businesses_membership": lambda world: world.home.membership,
    "businesses_claim": lambda world: world.home.claim,
    "businesses_industry": lambda world: world.home.industry,
    "businesses_area": lambda world: world.home.area,
    "businesses_districtassignment": lambda world: world.home.assignment,
    "businesses_importbatch": lambda world: world.home.batch,
    "accounts_user": lambda world: world.people["officer"],
    "core_department": lambda world: Department.current(),
    "core_auditentry": lambda world: world.home.audit,
    "mail_outgoingmail": lambda world: world.home.mail,
    "mail_consent": lambda world: world.home.consent,
    "mail_suppression": lambda world: world.home.suppression,
    "mail_reminderrule": lambda world: world.home.rule,
    "mail_reminder": lambda world: world.home.planned,
    "mail_mailwording": lambda world: MailWording.objects.get(template="mail/test"),
}


def arguments(name: str, world: World, side: SimpleNamespace | None = None) -> dict[str, Any] | None:
    """The arguments a URL is tried with: objects of the given side, `home` by default.

    Returns:
        `None` when nobody gave a sample for it.
    """
    if name.startswith("admin:") and (model := _admin_model(name)) is not None:
        return {"object_id": ADMIN_ROWS[model](world).pk} if model in ADMIN_ROWS else None
    sample = SAMPLES.get(name)
    return sample(side or world.home) if sample else None


def _admin_model(name: str) -> str | None:
    for suffix in ("_change", "_delete", "_history"):
        if name.endswith(suffix):
            return name.removeprefix("admin:").removesuffix(suffix)
    return None
