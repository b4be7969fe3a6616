"""Builds the whole demonstration, in one transaction, relative to today."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from core import clock, context
from core.mail.models import OutgoingMail
from core.models import Department
from events.models import Event
from partnerships.businesses.models import Business, Organization

from . import occasions, people, post, registry, vetting
from .moments import Moments

BEGAN = timedelta(days=900)  # when the department took the product up
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Counts:
    """What the demonstration holds."""

    invented: int
    prospects: int
    accounts: int
    events: int
    mails: int


def is_there() -> bool:
    """Whether a demonstration was loaded."""
    return User.objects.filter(is_demo=True).exists()


def is_empty() -> bool:
    """Whether the product holds nothing yet that a person would miss."""
    return not User.objects.exists() and not Organization.objects.exists()


def _count_anew() -> None:
    """Let the database look at its tables: for one that it takes to be empty it plans very slow queries."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@transaction.atomic
def build(tell: Tell) -> Counts:
    """Load the demonstration into an empty product.

    Args:
        tell: told what is being done, a line each.

    Returns:
        What was made.
    """
    department, _made = Department.objects.update_or_create(pk=1, defaults=people.RIVERTON)
    moments = Moments(clock.now(), department.zone, department.working_days)
    with timezone.override(department.zone), context.acting(actor_label="demonstration"):
        began = moments.now - BEGAN
        occasions.rules_hold_since(began)
        with clock.at(began):
            tell("People and districts")
            users = people.make_department()
            registry.load_city()
            officers = {**people.assign_districts(users), **users}
            tell("Invented businesses")
            builder = registry.Builder(officers)
            shops = [*builder.shops(), builder.chain()]
        _count_anew()
        tell("Applications")
        player = vetting.Player(moments, users)
        for number, shop in enumerate(shops):
            player.play(shop, number)
        for shop in shops:
            shop.business = Business.objects.select_related("organization").get(pk=shop.business.pk)
        tell("Events")
        stage = occasions.Stage(moments, users, shops)
        for occasion in sorted(occasions.occasions(moments), key=lambda each: each.starts):
            stage.play(occasion)
        tell("Reminders of the last two weeks")
        post.remind(moments)
        post.file_away()
        _count_anew()
    invented = sum(len(shop.sites) for shop in shops)
    return Counts(
        invented=invented,
        prospects=Business.objects.count() - invented,
        accounts=User.objects.filter(is_demo=True).count(),
        events=Event.objects.count(),
        mails=OutgoingMail.objects.count(),
    )
