"""Sets of the registry's rows, and who may see which."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Exists, Func, Manager, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Coalesce

from core import clock
from core.access import Actor
from core.querysets import ScopedQuerySet
from core.roles import CITYWIDE, DEPARTMENT, WRITERS, Role, role_of

from . import search
from .scoping import OfBusiness, OfOrganization, Own, Reach, own_of, reach_of


def _model(name: str) -> Any:
    return apps.get_model("businesses", name)


class Unmerged(Manager[Any]):
    """The rows that stand for themselves; what was merged into another is found through `everything`."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(merged_into=None)


class IndustryQuerySet(ScopedQuerySet):
    """Industries; everyone may read the classification."""

    def visible_to(self, user: Actor) -> Self:
        return self.all()

    def for_places(self) -> Self:
        """What a place of business may be: industry groups (four digits) and all that is finer."""
        return self.filter(code__regex=r"^[0-9]{4,6}$")


class ImportMappingQuerySet(ScopedQuerySet):
    """Ways to read files; whoever imports files sees them all."""

    def visible_to(self, user: Actor) -> Self:
        return self.all() if role_of(user) in (Role.SUPERVISOR, Role.ADMIN) else self.none()


class AreaQuerySet(ScopedQuerySet):
    """Districts, beats and neighborhoods; their borders are public."""

    def visible_to(self, user: Actor) -> Self:
        return self.all()

    def current(self, on: date | None = None) -> Self:
        """The areas in effect on a day, today by default."""
        day = on or clock.today()
        return self.filter(Q(valid_until=None) | Q(valid_until__gt=day), valid_from__lte=day)

    def districts(self) -> Self:
        """Districts only."""
        return self.filter(kind="district")

    def beats(self) -> Self:
        """Beats only."""
        return self.filter(kind="beat")

    def covered_by(self, user: Any) -> Self:
        """Say of each area, as `mine`, whether it is assigned to `user` today."""
        assigned = _model("DistrictAssignment").objects.filter(user=user, area=OuterRef("pk")).current()
        return self.annotate(mine=Exists(assigned))

    def in_order(self) -> Self:
        """As people count: district 2 before district 10, each with its beats behind it."""
        return self.order_by(Coalesce("parent__code_key", "code_key"), "-kind", "code_key")

    def at_address(self, street: str, city: str) -> Any:
        """The area of the places on record at a street address, `None` when none is known or they differ.

        Args:
            street: as it was typed.
            city: with or without state and ZIP; empty for any.
        """
        places = _model("Business").objects.filter(street__iexact=street.strip(), area__in=self)
        found = {row.area_id for row in places[:50] if row.city.casefold() in (city or row.city).casefold()}
        return self.filter(pk=found.pop()).first() if len(found) == 1 else None

    def under(self, districts: Any) -> Self:
        """The given districts and everything that is part of them."""
        return self.filter(Q(pk__in=districts) | Q(parent__in=districts))


class DistrictAssignmentQuerySet(ScopedQuerySet):
    """Who covers which district."""

    def visible_to(self, user: Actor) -> Self:
        """The department knows who covers what; nobody else asks here."""
        return self.all() if role_of(user) in DEPARTMENT else self.none()

    def current(self, on: date | None = None) -> Self:
        """The assignments that hold on a day, today by default."""
        day = on or clock.today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations."""

    def visible_to(self, user: Actor) -> Self:
        """Those with a place the user sees; for the desk also those they lead or without a place."""
        role = role_of(user)
        if role in CITYWIDE:
            return self.all()
        if role in WRITERS:
            return self.filter(reach_of(user).organizations())
        if role == Role.MEMBER:
            own = own_of(user)
            return self.filter(pk__in=own.organizations | own.added_to)
        return self.none()

    def partners(self) -> Self:
        """Organizations that are partners now."""
        return self.filter(standing="partner")


class BusinessQuerySet(ScopedQuerySet):
    """Places of business."""

    def visible_to(self, user: Actor) -> Self:
        """Which places of business exist for `user`.

        Officers: their districts, places without an area until they are placed, and every site of an
        organization they lead. Supervisors: their districts, or all when none is assigned. Viewers and
        admins: all. Members: the sites of their memberships. Everyone else: the public directory.
        """
        role = role_of(user)
        if role in CITYWIDE:
            return self.all()
        if role in WRITERS:
            return self.filter(reach_of(user).places())
        if role == Role.MEMBER:
            return self.of_member(user)
        return self.listed()

    def of_member(self, user: Any) -> Self:
        """The places of business a member acts for, and the one they added and claim."""
        return self.filter(own_of(user).places())

    def may_apply(self) -> Self:
        """Places of organizations that are no partners, or no longer, and have not applied."""
        return self.filter(standing__in=("prospect", "lapsed"))

    def on_record(self, user: Any = None) -> Self:
        """Open places of business that someone who looks for theirs may read of.

        `taken` says that someone speaks for it already. Show only what the public license record shows:
        `name`, `address`.

        Args:
            user: who asks; a place that they typed in themselves is among them.
        """
        verified = _model("Claim").objects.filter(business=OuterRef("pk"), status="verified")
        held = _model("Membership").objects.filter(organization=OuterRef("organization"))
        taken = Q(Exists(verified)) | Q(Exists(held))
        # What a member typed in is theirs alone until someone verified it.
        typed = Q(organization__added_by=None) | taken | (Q(organization__added_by=user) if user else Q())
        return (
            self.filter(typed)
            .open()
            .exclude(standing="ended")
            .annotate(taken=Case(When(taken, then=Value(True)), default=Value(False)))
        )

    def claimable(self, text: str, user: Any = None) -> Self:
        """Those `on_record` that nobody speaks for yet, by name and address.

        Args:
            text: what was typed.
            user: who asks; a place that they typed in themselves is among them.
        """
        return self.on_record(user).filter(taken=False).search(text)

    def search(self, text: str, words: list[search.Word] | None = None) -> Self:
        """Places whose name, organization or address has all the words, however they were typed.

        Where none has all, those with at least half of them, see `search.with_most`. An empty
        text finds everything, an unknown word alone nothing.

        Args:
            text: what was typed.
            words: the words of `text`, when `search.read_words` has already looked them up.
        """
        if words is None:
            words = search.read_words(text) if text.strip() else []
        if not words:
            return self.none() if text.strip() else self.all()
        every = search.with_all(words)
        found = None if every is None else self.filter(every)
        if found is not None and (len(words) == 1 or found.order_by().exists()):
            return found
        most: Self | None = search.with_most(self, words)
        return self.none() if most is None else most

    @property
    def lacks_words(self) -> bool:
        """Whether a search found nothing with all the words, so that these have most of them."""
        return "missing" in self.query.annotations

    def best_first(self, text: str) -> Self:
        """Those with the most words first, then those whose name begins with the typed text, then by name."""
        typed = Func(Value(text[:200]), function="core_fold", output_field=TextField())
        begins = Case(When(search_text__startswith=typed, then=0), default=1)
        first = ["missing"] if self.lacks_words else []
        return self.annotate(nearness=begins).order_by(*first, "nearness", "name_key", "pk")

    def like(self, name: str, street: str = "") -> Self:
        """Places whose searched text has something much like `name`, the most alike first."""
        typed = " ".join(each.typed for each in search.read_words(name))
        if not typed:
            return self.none()
        return (
            self.filter(search_text__trigram_word_similar=typed)
            .annotate(likeness=TrigramWordSimilarity(typed, "search_text"))
            .order_by("-likeness", "pk")
        )

    def resembling(self, name: str, street: str, postal_code: str) -> list[Any]:
        """Places that might be the one described, by name or address; see `rules.likely_same`."""
        near: list[Any] = list(self.like(name)[:30])
        start = " ".join(street.split()[:3])
        if start:
            every = search.with_all(search.read_words(f"{start} {postal_code}"))
            near += list(self.filter(every)[:30]) if every else []
        return list({row.pk: row for row in near}.values())

    def open(self, on: date | None = None) -> Self:
        """Places that have not shut their doors."""
        day = on or clock.today()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def with_unlisted(self, user: Any) -> Self:
        """Add `unlisted`: an open place of a partner that its owner `user` could have listed and has not."""
        owned = _model("Membership").objects.filter(
            user=user, role="owner", organization=OuterRef("organization")
        )
        is_open = Q(closed_on=None) | Q(closed_on__gt=clock.today())
        return self.annotate(unlisted=Q(Exists(owned), is_open, standing="partner", listed=False))

    def partners(self) -> Self:
        """Sites of partners."""
        return self.filter(standing="partner")

    def listed(self) -> Self:
        """The public directory: partners who agreed to be listed, while their doors are open."""
        return self.filter(listed=True, standing="partner").open()

    def unplaced(self) -> Self:
        """Places in no area: no position, or outside the city."""
        return self.filter(area=None)


class ContactQuerySet(OfBusiness):
    """People to ask for: of a place of business, or of the whole organization. Viewers see none."""

    def in_reach(self, reach: Reach) -> Q:
        """Those of places in reach, and those who speak for an organization in reach."""
        return super().in_reach(reach) | Q(business=None) & reach.at_organization("organization")

    def of_own(self, own: Own) -> Q:
        """Someone for one store does not see who speaks for the whole chain."""
        return super().of_own(own) | Q(business=None, organization__in=own.whole)


# What makes a membership that of an owner of the whole organization.
OWNS: dict[str, Any] = {"role": "owner", "all_sites": True}


class MembershipQuerySet(OfOrganization):
    """Who acts for which organization. Owners see their colleagues, staff themselves."""

    def of_own(self, own: Own) -> Q:
        """Their own, and those of organizations they own."""
        return Q(user=own.user_id) | Q(organization__in=own.owned)

    def owns(self, user: Any, organization: Any) -> bool:
        """Whether `user` is an owner of `organization`, for all of its places."""
        return self.filter(user=user, organization=organization, **OWNS).exists()


class InvitationQuerySet(OfOrganization):
    """Colleagues asked to join. Owners see those of their organizations."""

    def of_own(self, own: Own) -> Q:
        """Those of organizations they own."""
        return Q(organization__in=own.owned)

    def open(self) -> Self:
        """Neither accepted nor revoked nor expired."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())

    def sent_by_owners(self) -> Self:
        """Those whose sender can still send another: an owner for all places."""
        owned = _model("Membership").objects.filter(
            user=OuterRef("invited_by"), organization=OuterRef("organization"), **OWNS
        )
        return self.filter(Exists(owned))

    def addressed_to(self, user: Any) -> Self:
        """Those sent to an address that is proved to be the member's own."""
        if role_of(user) != Role.MEMBER:
            return self.none()
        proved = apps.get_model("account", "EmailAddress").objects.filter(
            user=user, email__iexact=user.email, verified=True
        )
        return self.filter(Exists(proved), email=user.email.lower())


class ClaimQuerySet(OfBusiness):
    """Claims of businesses. A member sees their own, not what others claim of their place."""

    def of_own(self, own: Own) -> Q:
        """The claimant's own."""
        return Q(user=own.user_id)

    def waiting(self) -> Self:
        """To be verified or refused."""
        return self.filter(status="claimed")


class MergeQuerySet(ScopedQuerySet):
    """Merges: they exist for who looks after what stays."""

    def visible_to(self, user: Actor) -> Self:
        """Officers and supervisors: where the organization that stays is in reach. Admins: all."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role not in WRITERS:
            return self.none()
        return self.filter(reach_of(user).at_organization("kept_organization"))

    def standing(self) -> Self:
        """Not undone."""
        return self.filter(undone_at=None)


class DuplicatePairQuerySet(ScopedQuerySet):
    """Pairs of places that may be one: they exist for who looks after both."""

    def visible_to(self, user: Actor) -> Self:
        """Officers and supervisors: where both places are in reach. Admins: all. Nobody else."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role not in WRITERS:
            return self.none()
        reach = reach_of(user)
        # Of a pair that was merged its merge tells.
        apart = Q(one__merged_into=None, other__merged_into=None)
        return self.filter(reach.at_place("one"), reach.at_place("other")).filter(apart)

    def open(self) -> Self:
        """To be looked at."""
        return self.filter(status="open")
