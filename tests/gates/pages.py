"""Every page of the product, opened in the demonstration: where, as whom, and what it must answer.

The URLs come from the resolver and the roles from the access matrix, so a new page is visited by itself. One
that takes arguments uses the sample that tests/access/world.py needs anyway; `RICHER` names the objects of
the demonstration where there is more to see.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from core.mail.models import OutgoingMail
from events.models import Event, Registration
from partnerships.businesses.models import Area, Business, Claim, DistrictAssignment, Organization
from partnerships.vetting.models import Application
from tests.access import matrix, world
from tests.factories.accounts import OfficerFactory, UserFactory, add_records, sign_in, totp_code

# Who of the demonstration plays a role. The owner of the samples is a person with a page of their own.
PEOPLE = {
    "owner": "victor@northbank.example",
    "officer": "reyes@riverton.example",
    "supervisor": "okafor@riverton.example",
    "viewer": "albrecht@riverton.example",
    "admin": "whitfield@riverton.example",
}
# Of the roles that may open a page, the first of these sees most on it.
SEES_MOST = {
    "public": ("visitor", "owner"),
    "portal": ("owner",),
    "desk": ("supervisor", "officer"),
    "admin": ("admin",),
    "account": ("visitor", "officer", "owner"),
}
AUDIENCES = tuple(SEES_MOST)
# What answers with a file, a feed or a line for machines.
NO_PAGES = {
    "admin:jsi18n",
    "desk:attendance_export",
    "desk:evidence",
    "mfa_download_recovery_codes",
    "portal:evidence",
    "public:department_css",
    "public:event_ics",
    "public:health_live",
    "public:health_ready",
    "public:registration_ics",
}
# What only ever sends on.
SEND_ON = {
    "account_home",
    "public:rsvp",
}
# What is a page only for someone in a state that the matrix has not: as whom it opens here.
OPENS_FOR = {
    "account_change_password": "password",
    "account_confirm_login_code": "code",
    "account_email_verification_sent": "sign-up",
    "account_reauthenticate": "password",
    "mfa_activate_totp": "owner",
    "mfa_authenticate": "factor",
    "mfa_deactivate_totp": "officer",
    "mfa_generate_recovery_codes": "officer",
    "mfa_trust": "trust",
    "mfa_view_recovery_codes": "officer",
}
PASSWORD = "a long sentence nobody else uses"


@dataclass(frozen=True)
class Visit:
    """One page to open.

    Args:
        name: the URL's name, with a word behind it where a page is opened more than once.
        path: where.
        who: a role of `PEOPLE`, an address of the demonstration, `visitor`, or a word of `BETWEEN`.
        status: what it answers.
    """

    name: str
    path: str
    who: str
    status: int = 200

    @property
    def audience(self) -> str:
        """Whose page it is."""
        return audience_of(self.name)


@dataclass
class Tour:
    """The demonstration, with the samples of the access tests beside it.

    Args:
        side: the samples.
        sessions: session keys by person.
    """

    side: SimpleNamespace
    world: world.World
    sessions: dict[str, str] = field(default_factory=dict)

    def session(self, who: str) -> str:
        """The session of a signed-in person; empty for a visitor."""
        if who == "visitor":
            return ""
        if who not in self.sessions:
            browser = BETWEEN[who]() if who in BETWEEN else _signed_in(PEOPLE.get(who, who))
            self.sessions[who] = browser.cookies[settings.SESSION_COOKIE_NAME].value
        return self.sessions[who]


def _signed_in(email: str) -> Client:
    """Someone who showed a moment ago that it is they, so that no page asks again."""
    user = User.objects.get(email=email)
    browser = sign_in(Client(), user)
    if user.is_department:
        app = user.authenticator_set.get(type="totp")
        add_records(browser, user, ("mfa", {"id": app.pk, "type": "totp", "reauthenticated": True}))
    return browser


def _with_a_password() -> Client:
    return sign_in(Client(), UserFactory(password=PASSWORD))


def _asked_for_the_code() -> Client:
    browser = Client()
    browser.post(reverse("account_request_login_code"), {"email": UserFactory().email})
    return browser


def _signing_up() -> Client:
    browser = Client()
    browser.post(reverse("account_signup"), {"email": "new@shop.example", "full_name": "Nia Newman"})
    return browser


def _asked_for_the_second_factor() -> Client:
    browser = Client()
    browser.post(
        reverse("account_login"),
        {"login": OfficerFactory(password=PASSWORD, totp=True).email, "password": PASSWORD},
    )
    return browser


def _asked_to_be_remembered() -> Client:
    browser = _asked_for_the_second_factor()
    browser.post(reverse("mfa_authenticate"), {"code": totp_code()})
    return browser


# Between two steps of signing in or up.
BETWEEN: dict[str, Callable[[], Client]] = {
    "password": _with_a_password,
    "code": _asked_for_the_code,
    "sign-up": _signing_up,
    "factor": _asked_for_the_second_factor,
    "trust": _asked_to_be_remembered,
}


@transaction.atomic
def prepare() -> Tour:
    """Put the samples into the demonstration's database. Call it inside `stack.database()`."""
    people = {role: User.objects.get(email=email) for role, email in PEOPLE.items()}
    beat = Area.objects.current().beats().get(code="1925")
    assigned = DistrictAssignment.objects.get(user=people["officer"])
    samples = world.with_settings(world.side(beat, people["owner"], people["officer"]), assigned)
    return Tour(samples, world.World(people=people, strangers={}, home=samples, away=samples))


def audience_of(name: str) -> str:
    """The part of the house a URL belongs to."""
    audience = name.partition(":")[0]
    return audience if audience in SEES_MOST else "account"


def page_names() -> list[str]:
    """Every URL name that answers a GET with a page, by the matrix and `OPENS_FOR`."""
    expected = matrix.expected()
    names = []
    for name in sorted(matrix.names()):
        answers = set(expected.get((name, "GET"), {}).values())
        if name not in NO_PAGES and ("200" in answers or OPENS_FOR.get(name)):
            names.append(name)
    return names


def unsettled() -> list[str]:
    """URLs whose GET is a page for no role of the matrix, and of which `OPENS_FOR` does not say more."""
    expected = matrix.expected()
    return [
        name
        for name in matrix.names()
        if name not in NO_PAGES
        and name not in OPENS_FOR
        and name not in SEND_ON
        and not name.startswith("admin:")
        and not {"200", "405"} & set(expected.get((name, "GET"), {}).values())
    ]


def visits(tour: Tour) -> list[Visit]:
    """Every page once, and those with several faces more often.

    Raises:
        LookupError: a page takes arguments and nobody gave a sample.
    """
    found: list[Visit] = []
    patterns = matrix.names()
    for name in page_names():
        richer = [Visit(*each) for each in RICHER[name]()] if name in RICHER else []
        if not richer:
            richer = [Visit(name, matrix.address(tour.world, name, patterns[name]), role_for(name))]
        found += richer
    return [*found, *[Visit(*each) for each in _more(tour)]]


def role_for(name: str) -> str:
    """The role that sees most on a page."""
    if OPENS_FOR.get(name):
        return OPENS_FOR[name]
    answers = matrix.expected()[name, "GET"]
    fitting = [role for role in SEES_MOST[audience_of(name)] if answers[role] == "200"]
    if not fitting:
        raise LookupError(f"None of the roles that open {name} is listed for its audience in SEES_MOST.")
    return fitting[0]


def _application(name: str) -> Any:
    return Application.objects.filter(organization__name=name).latest("pk")


def _business(name: str) -> Any:
    return Business.objects.get(name=name)


def _event(title: str, **more: Any) -> Any:
    return Event.objects.filter(title=title, **more).latest("starts_at")


Rows = Iterator[tuple[Any, ...]]


def _partners() -> Rows:
    yield (
        "public:partner",
        reverse("public:partner", args=[_business("Panadería La Espiga Dorada").slug]),
        "visitor",
    )


def _public_events() -> Rows:
    for word, event in (
        ("", _event("Robbery prevention workshop")),
        (" drop-in", _event("Coffee and conversation")),
        (" cancelled", _event("Holiday parking forum")),
        (" past", _event("Watch meeting, beat 1925")),
    ):
        yield f"public:event{word}", reverse("public:event", args=[event.slug]), "visitor"


def _registrations() -> Rows:
    rows = Registration.objects.filter(event=_event("Robbery prevention workshop"))
    for word, status in (("", "registered"), (" waitlisted", "waitlisted")):
        token = rows.filter(status=status).first().token
        yield f"public:registration{word}", reverse("public:registration", args=[token]), "visitor"


def _portal_home() -> Rows:
    for word, who in (("", "rosa@panaderia-espiga.example"), (" chain", "owner")):
        yield f"portal:home{word}", reverse("portal:home"), who


def _own_applications() -> Rows:
    for word, name in (
        (" action needed", "Café Espiga on Third"),
        (" conditions", "Halyard Fuel & Mart"),
        (" declined", "The Velvet Lantern Tavern"),
        (" in review", "North Star Members Credit Union"),
        (" approved", "Northbank Grocers"),
    ):
        row = _application(name)
        yield (
            f"portal:application_status{word}",
            reverse("portal:application_status", args=[row.pk]),
            row.applicant.email,
        )


def _steps() -> Rows:
    row = _application("Bluebell & Thistle Florist")
    codes = list(row.criteria_version.criteria.order_by("position").values_list("code", flat=True))
    for step in ("profile", *codes, "declaration"):
        path = reverse("portal:application_step", args=[row.pk, step])
        yield f"portal:application_step {step}", path, row.applicant.email


def _own_businesses() -> Rows:
    for word, name, who in (
        ("", "Panadería La Espiga Dorada", "rosa@panaderia-espiga.example"),
        (" of a chain", "Northbank Grocers, Store 1", "owner"),
    ):
        yield f"portal:business{word}", reverse("portal:business", args=[_business(name).pk]), who


def _desk_home() -> Rows:
    for who in ("supervisor", "officer", "viewer"):
        yield f"desk:home {who}", reverse("desk:home"), who


def _desk_businesses() -> Rows:
    prospect = Business.objects.filter(organization__source="import").first()
    for word, row in (
        ("", _business("Northbank Grocers, Store 1")),
        (" prospect", prospect or _business("Saltbox Furniture Makers")),
        (" conditions", _business("Halyard Fuel & Mart")),
    ):
        yield f"desk:business{word}", reverse("desk:business", args=[row.pk]), "supervisor"


def _desk_applications() -> Rows:
    for word, name in (
        (" reviewed", "Pilot Light Youth Boxing"),
        (" declined", "The Velvet Lantern Tavern"),
        (" action needed", "Lumen Lane Pharmacy"),
        (" submitted", "Tallgrass Animal Clinic"),
        (" conditions", "Halyard Fuel & Mart"),
    ):
        path = reverse("desk:application", args=[_application(name).pk])
        yield f"desk:application{word}", path, "supervisor"


def _decide() -> Rows:
    path = reverse("desk:decide", args=[_application("Pilot Light Youth Boxing").pk])
    for outcome in ("approved", "approved_with_conditions", "declined"):
        yield f"desk:decide {outcome}", f"{path}?outcome={outcome}", "supervisor"


def _reconcile() -> Rows:
    path = reverse("desk:reconcile", args=[_application("Pilot Light Youth Boxing").pk])
    yield "desk:reconcile", path, "supervisor"


def _review() -> Rows:
    path = reverse("desk:review", args=[_application("Halden & Daughter Hardware").pk])
    yield "desk:review", path, "officer"


def _claim() -> Rows:
    row = Claim.objects.get(business__name="Tallgrass Animal Clinic")
    yield "desk:claim", reverse("desk:claim", args=[row.pk]), "supervisor"


def _desk_events() -> Rows:
    for word, event in (
        ("", _event("Robbery prevention workshop")),
        (" past", _event("Watch meeting, beat 1925")),
        (" drop-in", _event("Coffee and conversation")),
        (" draft", _event("Spring street fair")),
        (" cancelled", _event("Holiday parking forum")),
    ):
        yield f"desk:event{word}", reverse("desk:event", args=[event.pk]), "supervisor"


def _attendance() -> Rows:
    for word, title in (("", "Watch meeting, beat 1925"), (" drop-in", "Coffee and conversation")):
        event = Event.objects.filter(title=title).earliest("starts_at")
        path = reverse("desk:event_attendance", args=[event.pk])
        yield f"desk:event_attendance{word}", path, "supervisor"


def _mails() -> Rows:
    failed = OutgoingMail.objects.filter(status="failed", to__endswith="velvet-lantern.example").first()
    yield "desk:mail_message", reverse("desk:mail_message", args=[failed.pk]), "supervisor"


# What is opened in place of the access tests' sample.
RICHER: dict[str, Callable[[], Rows]] = {
    "public:partner": _partners,
    "public:event": _public_events,
    "public:registration": _registrations,
    "portal:home": _portal_home,
    "portal:application_status": _own_applications,
    "portal:application_step": _steps,
    "portal:business": _own_businesses,
    "desk:home": _desk_home,
    "desk:business": _desk_businesses,
    "desk:application": _desk_applications,
    "desk:decide": _decide,
    "desk:reconcile": _reconcile,
    "desk:review": _review,
    "desk:claim": _claim,
    "desk:event": _desk_events,
    "desk:event_attendance": _attendance,
    "desk:mail_message": _mails,
}


def _more(tour: Tour) -> Rows:
    """Pages that no URL name stands for: what is missing or refused, an empty list, a filtered one."""
    yield "public:missing", "/no-such-page/", "visitor", 404
    yield "portal:missing", "/portal/no-such-page/", "owner", 404
    yield "desk:missing", "/desk/no-such-page/", "supervisor", 404
    yield "desk:refused", reverse("desk:home"), "owner", 403
    yield "public:partners nothing found", reverse("public:partners") + "?q=zzzzzz", "visitor"
    yield "public:events filtered", reverse("public:events") + "?kind=workshop", "visitor"
    yield "portal:application_start found", reverse("portal:application_start") + "?q=coffee", "owner"
    yield "desk:businesses found", reverse("desk:businesses") + "?q=coffee&standing=prospect", "supervisor"
    yield "desk:mail_held_back none found", reverse("desk:mail_held_back") + "?q=zzzzzz", "supervisor"
    yield "desk:applications decided", reverse("desk:applications") + "?waiting=decision", "supervisor"
    yield "account_settings owner", reverse("account_settings"), "owner"
    yield "account_email owner", reverse("account_email"), "owner"


def give_long_names(tour: Tour) -> list[Visit]:
    """Rename what the samples name to the longest word that fits; return the pages that show it."""
    side = tour.side
    word = "Wandererswanderlustwanderungen" * 10
    for row, *columns in (
        (side.organization, "name", "legal_name"),
        (side.business, "name", "street", "city"),
        (side.contact, "name", "role_title", "note"),
        (side.suppression, "detail"),
        (side.event, "title", "venue_name", "street", "city"),
        (side.registration, "name"),
        (side.owner, "full_name"),
        (side.submitted.organization, "name"),
        (side.submitted, "contact_name", "contact_role"),
        (side.in_review.organization, "name"),
        (side.reviewed.organization, "name"),
        (side.action_needed.organization, "name"),
        (side.mail, "subject", "recipient_name"),
    ):
        model = type(row)
        longest = {column: word[: model._meta.get_field(column).max_length] for column in columns}
        rows = model._base_manager.filter(pk=row.pk)
        if model is Organization:
            Business.objects.filter(organization=row).update(name=longest["name"])
        rows.update(**longest)
    patterns = matrix.names()
    shown = (
        *("public:partner", "public:partners", "public:event", "public:events", "public:registration"),
        *("portal:home", "portal:business", "portal:businesses", "portal:people", "portal:event_cancel"),
        *("portal:application_status", "portal:application_answer", "portal:event_register"),
        *("desk:home", "desk:business", "desk:businesses", "desk:event", "desk:events", "desk:review"),
        *("desk:application", "desk:applications", "desk:decide", "desk:claim", "desk:contact_edit"),
        *("desk:event_attendance", "desk:attendance_print", "desk:mail", "desk:mail_message"),
        "desk:mail_held_back",
    )
    paths = {name: matrix.address(tour.world, name, patterns[name]) for name in shown}
    paths["desk:businesses"] += "?q=wanderers"
    paths["public:partners"] += "?q=wanderers"
    return [Visit(f"{name} long names", path, role_for(name)) for name, path in paths.items()]
