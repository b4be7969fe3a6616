"""Every page of the product, opened in the demonstration: where, as whom, and what it must answer.

The URLs come from the resolver and the roles from the access matrix, so a new page is visited by itself. One
that takes arguments uses the sample that the access tests need anyway. What else there is to see each room
says in `tests/<room>/pages.py`; see `tests.access.offered`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import chain
from operator import attrgetter
from types import SimpleNamespace

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from partnerships.businesses.models import Area, Business, DistrictAssignment, Organization
from tests.access import matrix, world
from tests.access.offered import merged, offered
from tests.factories.accounts import OfficerFactory, UserFactory, add_records, sign_in, totp_code
from tests.gates.visits import Rows

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
NO_PAGES: set[str] = set().union(*offered("pages", "NO_PAGES"))
SEND_ON: set[str] = set().union(*offered("pages", "SEND_ON"))
OPENS_FOR: dict[str, str] = merged("pages", "OPENS_FOR")
RICHER: dict[str, Callable[[], Rows]] = merged("pages", "RICHER")
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

    def freshen(self) -> None:
        """Everyone has shown a moment ago that it is they, however long the pages before took."""
        for key in self.sessions.values():
            session = SessionStore(key)
            records = session.get("account_authentication_methods", [])
            session["account_authentication_methods"] = [{**each, "at": time.time()} for each in records]
            session.save()


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
    rest = chain.from_iterable(more() for more in offered("pages", "more"))
    return [*found, *[Visit(*each) for each in rest]]


def role_for(name: str) -> str:
    """The role that sees most on a page."""
    if OPENS_FOR.get(name):
        return OPENS_FOR[name]
    answers = matrix.expected()[name, "GET"]
    fitting = [role for role in SEES_MOST[audience_of(name)] if answers[role] == "200"]
    if not fitting:
        raise LookupError(f"None of the roles that open {name} is listed for its audience in SEES_MOST.")
    return fitting[0]


def give_long_names(tour: Tour) -> list[Visit]:
    """Rename what the samples name to the longest word that fits; return the pages that show it."""
    word = "Wandererswanderlustwanderungen" * 10
    for place, *columns in chain.from_iterable(reversed(list(offered("pages", "LONG")))):
        row = attrgetter(place)(tour.side)
        model = type(row)
        longest = {column: word[: model._meta.get_field(column).max_length] for column in columns}
        rows = model._base_manager.filter(pk=row.pk)
        if model is Organization:
            Business.objects.filter(organization=row).update(name=longest["name"])
        rows.update(**longest)
    patterns = matrix.names()
    paths = {
        name: matrix.address(tour.world, name, patterns[name]) + query
        for name, query in merged("pages", "LONG_ON").items()
    }
    return [Visit(f"{name} long names", path, role_for(name)) for name, path in paths.items()]
