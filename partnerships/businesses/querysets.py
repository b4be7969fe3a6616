"""Sets of the registry's rows, and who may see which."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Exists, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Length

from core import clock, context
from core.querysets import ScopedQuerySet
from core.roles import CITYWIDE, DEPARTMENT, WRITERS, Role, role_of

from . import search


def _model(name: str) -> Any:
    return apps.get_model("businesses", name)


class IndustryQuerySet(ScopedQuerySet):
    """Industries; everyone may read the classification."""

    def visible_to(self, user: Any) -> Self:
        return self.all()

    def groups(self) -> Self:
        """Industry groups (four digits): fine enough to tell trades apart, few enough to choose from."""
        return self.annotate(digits=Length("code")).filter(digits=4)

    def subsectors(self) -> Self:
        """Subsectors (three digits), to filter by."""
        return self.annotate(digits=Length("code")).filter(digits=3)


class AreaQuerySet(ScopedQuerySet):
    """Districts, beats and neighborhoods; their borders are public."""

    def visible_to(self, user: Any) -> Self:
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

    def under(self, districts: Any) -> Self:
        """The given districts and everything that is part of them."""
        return self.filter(Q(pk__in=districts) | Q(parent__in=districts))


class DistrictAssignmentQuerySet(ScopedQuerySet):
    """Who covers which district."""

    def visible_to(self, user: Any) -> Self:
        """The department knows who covers what; nobody else asks here."""
        return self.all() if role_of(user) in DEPARTMENT else self.none()

    def current(self, on: date | None = None) -> Self:
        """The assignments that hold on a day, today by default."""
        day = on or clock.today()
        return self.filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)


def district_ids_of(user: Any) -> QuerySet:
    """The ids of the districts assigned to `user` today."""
    return _model("DistrictAssignment").objects.filter(user=user).current().order_by().values("area")


def covers_all(user: Any) -> bool:
    """Whether no district is assigned to `user` today, so that a supervisor covers the whole city.

    A page asks this for every set of rows that it shows; within one request the answer is kept.
    """
    request = context.current().request_id
    kept = getattr(user, "_covers_all", ("", False))
    if request and kept[0] == request:
        return bool(kept[1])
    found = not district_ids_of(user).exists()
    if request:
        user._covers_all = (request, found)
    return found


class OrganizationQuerySet(ScopedQuerySet):
    """Organizations."""

    def visible_to(self, user: Any) -> Self:
        """Those with a place the user sees; for the desk also those they lead or without a place."""
        role = role_of(user)
        if role in CITYWIDE:
            return self.all()
        if role in WRITERS:
            sites = _model("Business").objects.visible_to(user).order_by().values("organization")
            placeless = ~Exists(_model("Business").objects.filter(organization=OuterRef("pk")))
            return self.filter(Q(pk__in=sites) | Q(lead_officer=user) | placeless)
        if role == Role.MEMBER:
            memberships = _model("Membership").objects.filter(user=user).values("organization")
            own = _model("Business").objects.added_by_claimant(user).values("organization")
            return self.filter(Q(pk__in=memberships) | Q(pk__in=own))
        return self.none()

    def partners(self) -> Self:
        """Organizations that are partners now."""
        return self.filter(standing="partner")

    def prospects(self) -> Self:
        """Organizations nobody has heard from yet."""
        return self.filter(standing="prospect")


class BusinessQuerySet(ScopedQuerySet):
    """Places of business."""

    def visible_to(self, user: Any) -> Self:
        """Which places of business exist for `user`.

        Officers: their districts, places without an area until they are placed, and every site of an
        organization they lead. Supervisors: their districts, or all when none is assigned. Viewers and
        admins: all. Members: the sites of their memberships. Everyone else: the public directory.
        """
        role = role_of(user)
        if role in CITYWIDE:
            return self.all()
        if role in WRITERS:
            areas = _model("Area").objects.under(district_ids_of(user)).order_by().values("pk")
            mine = Q(area__in=areas) | Q(area=None) | Q(organization__lead_officer=user)
            if role == Role.SUPERVISOR:
                return self.all() if covers_all(user) else self.filter(mine)
            return self.filter(mine)
        if role == Role.MEMBER:
            return self.of_member(user)
        return self.listed()

    def of_member(self, user: Any) -> Self:
        """The places of business a member acts for, and the one they added and claim."""
        memberships = _model("Membership")
        whole = memberships.objects.filter(user=user, all_sites=True).order_by().values("organization")
        some = memberships.sites.through.objects.filter(membership__user=user).values("business")
        own = _model("Business").objects.added_by_claimant(user).values("pk")
        return self.filter(Q(organization__in=whole) | Q(pk__in=some) | Q(pk__in=own))

    def added_by_claimant(self, user: Any) -> Self:
        """What a member typed in themselves and claims: theirs to see before anyone verified it."""
        claims = _model("Claim").objects.filter(user=user, status="claimed").order_by().values("business")
        return self.filter(organization__added_by=user, pk__in=claims)

    def claimable(self, text: str) -> Self:
        """Open places of business that nobody speaks for yet, by name and address.

        Show only what the public license record shows: `name`, `address`.
        """
        taken = _model("Claim").objects.filter(business=OuterRef("pk"), status="verified")
        held = _model("Membership").objects.filter(organization=OuterRef("organization"))
        # What another member typed in is theirs alone until someone verified it.
        return (
            self.filter(organization__added_by=None)
            .open()
            .exclude(standing="ended")
            .filter(~Exists(taken), ~Exists(held))
            .search(text)
        )

    def search(self, text: str, words: list[search.Word] | None = None) -> Self:
        """Places whose name, organization or address has all the words, however they were typed.

        An empty text finds everything, an unknown word nothing.

        Args:
            text: what was typed.
            words: the words of `text`, when `search.read_words` has already looked them up.
        """
        if words is None:
            words = search.read_words(text) if text.strip() else []
        if not words:
            return self.none() if text.strip() else self.all()
        found = search.condition(words)
        return self.none() if found is None else self.filter(found)

    def best_first(self, text: str) -> Self:
        """Those whose name begins with the typed text first, then by name."""
        typed = Func(Value(text[:200]), function="businesses_fold", output_field=TextField())
        begins = Case(When(search_text__startswith=typed, then=0), default=1)
        return self.annotate(nearness=begins).order_by("nearness", "name", "pk")

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

    def open(self, on: date | None = None) -> Self:
        """Places that have not shut their doors."""
        day = on or clock.today()
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def partners(self) -> Self:
        """Sites of partners."""
        return self.filter(standing="partner")

    def prospects(self) -> Self:
        """Sites of prospects."""
        return self.filter(standing="prospect")

    def listed(self) -> Self:
        """The public directory: partners who agreed to be listed, while their doors are open."""
        return self.filter(listed=True, standing="partner").open()

    def unplaced(self) -> Self:
        """Places in no area: no position, or outside the city."""
        return self.filter(area=None)


class ContactQuerySet(ScopedQuerySet):
    """People to ask for."""

    def visible_to(self, user: Any) -> Self:
        """With the places of business they belong to. Viewers and visitors see none."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role not in WRITERS | {Role.MEMBER}:
            return self.none()
        places = _model("Business").objects.visible_to(user).order_by().values("pk")
        if role == Role.MEMBER:
            # Someone for one store does not see who speaks for the whole chain.
            whole = _model("Membership").objects.filter(user=user, all_sites=True).values("organization")
        else:
            whole = _model("Organization").objects.visible_to(user).order_by().values("pk")
        return self.filter(Q(business__in=places) | Q(business=None, organization__in=whole))


class MembershipQuerySet(ScopedQuerySet):
    """Who acts for which organization."""

    def visible_to(self, user: Any) -> Self:
        """Owners see their colleagues, staff themselves, the desk by organization; viewers none."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role in WRITERS:
            return self.filter(organization__in=_model("Organization").objects.visible_to(user).values("pk"))
        if role == Role.MEMBER:
            mine = self.model._default_manager.filter(user=user, role="owner", all_sites=True)
            owned = mine.values("organization")
            return self.filter(Q(user=user) | Q(organization__in=owned))
        return self.none()

    def owns(self, user: Any, organization: Any) -> bool:
        """Whether `user` is an owner of `organization`, for all of its places."""
        return self.filter(user=user, organization=organization, role="owner", all_sites=True).exists()


class InvitationQuerySet(ScopedQuerySet):
    """Colleagues asked to join."""

    def visible_to(self, user: Any) -> Self:
        """Owners see the invitations of their organizations; the desk those of organizations it sees."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role in WRITERS:
            return self.filter(organization__in=_model("Organization").objects.visible_to(user).values("pk"))
        if role == Role.MEMBER:
            mine = _model("Membership").objects.filter(user=user, role="owner", all_sites=True)
            owned = mine.values("organization")
            return self.filter(organization__in=owned)
        return self.none()

    def open(self) -> Self:
        """Neither accepted nor revoked nor expired."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=clock.now())

    def sent_by_owners(self) -> Self:
        """Those whose sender can still send another: an owner for all places."""
        owned = _model("Membership").objects.filter(
            user=OuterRef("invited_by"), organization=OuterRef("organization"), role="owner", all_sites=True
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


class ClaimQuerySet(ScopedQuerySet):
    """Claims of businesses."""

    def visible_to(self, user: Any) -> Self:
        """The claimant's own; for officers and supervisors those of places they see."""
        role = role_of(user)
        if role == Role.ADMIN:
            return self.all()
        if role in WRITERS:
            return self.filter(business__in=_model("Business").objects.visible_to(user).values("pk"))
        if role == Role.MEMBER:
            return self.filter(user=user)
        return self.none()

    def waiting(self) -> Self:
        """To be verified or refused."""
        return self.filter(status="claimed")
