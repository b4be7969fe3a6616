"""How much each officer has in hand: two figures beside a name, in the statement that reads the names."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, Window
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.querysets import display_name
from core.access import visible
from core.folding import in_order
from core.pages.story import LINES
from core.roles import WRITERS

from .choices import SENT
from .models import Review


def with_cases(people: QuerySet[User]) -> Any:
    """Add `open_cases`, the applications that someone reviews and that are not decided, and `to_review`,
    those of them that still wait for their review.

    Args:
        people: a queryset of users.
    """
    theirs = (
        Review.objects.active()
        .filter(reviewer=OuterRef("pk"), round=F("application__round"), application__status__in=SENT)
        .order_by()
        .values("reviewer")
    )

    def counted(**only: Any) -> Any:
        rows = theirs.annotate(n=Count("pk", filter=Q(**only))).values("n")
        return Coalesce(Subquery(rows, output_field=IntegerField()), Value(0))

    return people.annotate(open_cases=counted(), to_review=counted(submitted_at=None))


def officers(user: Any) -> Any:
    """Who may review, as `user` sees them, each with their cases and by name.

    Args:
        user: someone of the desk.
    """
    people = visible(User, user).filter(role__in=WRITERS, is_active=True)
    return with_cases(people).order_by(in_order("full_name"), "pk")


def most_in_hand(user: Any) -> ArraySubquery:
    """The officers with the most cases as one value of another statement: `name`, `open`, `left` of each,
    and `all`, how many officers there are.

    Args:
        user: someone of the desk.
    """
    people = officers(user).order_by("-open_cases", in_order("full_name"), "pk")
    told = JSONObject(name=display_name(""), open="open_cases", left="to_review", all=Window(Count("pk")))
    return ArraySubquery(people.values(told=told)[:LINES])


def case_words(open_cases: int, to_review: int) -> str:
    """ "3 open cases, 1 still to review" """
    if not open_cases:
        return _("no open case")
    said = ngettext("%(n)s open case", "%(n)s open cases", open_cases) % {"n": open_cases}
    if not to_review:
        return said
    return _("%(cases)s, %(left)s still to review") % {"cases": said, "left": to_review}
