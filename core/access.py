"""Who may see and do what: default deny, one way in, answers that carry a reason.

A view declares itself with `@public` or `@requires("app.verb_thing")`; the middleware refuses one that
declared nothing. A room's `permissions.py` holds guards; a guard answers a `Refusal` or `None`.
`visible(Model, user)` is the one door to rows. A service that takes an `actor` asks `check` before anything
else, whichever page, admin or program called it; see docs/decisions/0079.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Protocol, TypeVar

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import rooms

ModelT = TypeVar("ModelT", bound=Model)
View = Callable[..., HttpResponseBase]


class Person(Protocol):
    """Someone who asks: a user, or a visitor, whose `pk` is `None`."""

    pk: Any

    @property
    def is_authenticated(self) -> bool:
        """Whether we know who it is."""


Actor = Person | None  # who does something; `None` is the system
Words = str | Promise  # for people, translated now or when they are shown


@dataclass(frozen=True)
class Refusal:
    """Why something may not be done: a stable code for programs, a sentence for people.

    Args:
        code: stable, as `email_taken`.
        sentence: text, or a lazy translation.
        field: the column whose value is refused, if it is one; forms say the sentence there.
    """

    code: str
    sentence: Words
    field: str = ""

    def __str__(self) -> str:
        return str(self.sentence)


class Refused(PermissionDenied):
    """Raised where a guard refuses; the 403 page shows its sentence."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal.sentence))
        self.refusal = refusal


Guard = Callable[[Person, Any], Refusal | None]

_guards: dict[str, Guard] = {}

NOT_ALLOWED = Refusal("not_allowed", _("Your role does not allow this."))
OUT_OF_SCOPE = Refusal("out_of_scope", _("This is not among what you look after."))


def register(permission: str, guard: Guard) -> None:
    """Make `guard` answer for `permission`, also through `user.has_perm` (`core.backends`).

    Args:
        permission: `<app>.<verb>_<thing>`.
        guard: `(user, object or None) -> Refusal | None`; `None` as the object asks about the page as such.
    """
    _guards[permission] = guard


def is_registered(permission: str) -> bool:
    """Whether a guard answers for `permission`."""
    return permission in _guards


def register_rooms() -> None:
    """Register the guards of every room: `PERMISSIONS` in its `permissions.py`."""
    for _room, guards in rooms.offered("permissions", "PERMISSIONS"):
        for permission, guard in guards.items():
            register(permission, guard)


def refusal(user: Actor, permission: str, obj: Any = None) -> Refusal | None:
    """Answer why `user` may not do `permission` to `obj`, or `None` when they may.

    Raises:
        ImproperlyConfigured: nobody registered the permission.
    """
    try:
        guard = _guards[permission]
    except KeyError:
        raise ImproperlyConfigured(f"No guard is registered for the permission {permission!r}.") from None
    if user is None or not getattr(user, "is_active", False):
        return NOT_ALLOWED
    return guard(user, obj)


def check(user_or_request: Any, permission: str, obj: Any = None) -> None:
    """Raise `Refused` with the reason when the user may not do `permission` to `obj`.

    Args:
        user_or_request: who asks; `None` is the system, which may do everything. A visitor is not `None`.
        permission: `<app>.<verb>_<thing>`.
        obj: what it is done to; `None` asks about the page as such.
    """
    if user_or_request is None:
        return
    user = getattr(user_or_request, "user", user_or_request)
    found = refusal(user, permission, obj)
    if found is not None:
        raise Refused(found)


def visible(model: type[ModelT], user: Actor) -> QuerySet[ModelT]:
    """The rows of `model` that exist for `user`.

    Raises:
        ImproperlyConfigured: the model's default manager has no `visible_to(user)`.
    """
    manager = model._default_manager
    if not hasattr(manager, "visible_to"):
        raise ImproperlyConfigured(f"{model.__name__} has no visible_to(user): it can't be shown to anyone.")
    rows: QuerySet[ModelT] = manager.visible_to(user)
    return rows


def out_of_scope(user: Actor, obj: Model | None) -> Refusal | None:
    """Whether a row lies outside of what `user` looks after: the question of scope in a room's guards.

    Args:
        user: who asks.
        obj: a row of a model with `visible_to`, or `None` where the page as such is asked about.
    """
    if obj is None or visible(type(obj), user).filter(pk=obj.pk).exists():
        return None
    return OUT_OF_SCOPE


def public(view: View) -> View:
    """Declare that anyone may open this view."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    wrapped.access = ()  # type: ignore[attr-defined]  # the declaration the middleware reads
    return wrapped


def requires(*permissions: str) -> Callable[[View], View]:
    """Declare the permissions, all of which a user needs to open this view.

    The middleware sends anonymous visitors to sign in and refuses everyone else with the guard's sentence.
    """
    if not permissions:
        raise ImproperlyConfigured("requires() needs at least one permission; use public for open views.")

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        wrapped.access = permissions  # type: ignore[attr-defined]  # the declaration the middleware reads
        return wrapped

    return decorate


def declared(view: Any) -> Iterable[str] | None:
    """The permissions a view declared: empty for public, `None` when it declared nothing."""
    found: Iterable[str] | None = getattr(view, "access", None)
    if found is None:
        found = getattr(getattr(view, "view_class", None), "access", None)
    return found
