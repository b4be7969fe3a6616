"""Sets of vetting rows: who may see what, and in which order they wait."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject

from accounts.actors import account_of
from accounts.querysets import display_name
from core.access import Actor, visible
from core.models import Department
from core.querysets import ScopedQuerySet
from core.roles import WRITERS, Role, role_of
from partnerships.businesses.models import Claim, Membership, Organization
from partnerships.businesses.scoping import OfOrganization, Reach, own_of, reach_of

from .choices import APPROVALS, OPEN, RUNNING, SENT, WITH_REVIEWERS, Step
from .rules import late_before

# What keeps a draft from being sent, see `with_obstacle`.
SENT_BEFORE, CLAIM_ENDED, SPOKEN_FOR = "sent_before", "claim_ended", "spoken_for"


def _applicant_as_owner() -> Any:
    """The membership that makes an application's applicant an owner of its organization."""
    return Membership.objects.filter(
        user=OuterRef("applicant"), organization=OuterRef("organization"), role="owner"
    )


def _claims_of_applicant() -> Any:
    """What an application's applicant claims of its organization."""
    return Claim.objects.filter(user=OuterRef("applicant"), business__organization=OuterRef("organization"))


def _claim_ended() -> Q:
    """The applicant's claim was refused or taken back, and neither another one nor a membership stands beside
    it.
    """
    claims = _claims_of_applicant()
    return (
        Q(Exists(claims.filter(status__in=("refused", "withdrawn"))))
        & ~Q(Exists(claims.filter(status__in=("claimed", "verified"))))
        & ~Q(Exists(_applicant_as_owner()))
    )


class CriteriaVersionQuerySet(ScopedQuerySet):
    """Versions of the criteria."""

    def visible_to(self, user: Actor) -> Self:
        """Admins see all; everyone else what was published once."""
        return self if role_of(user) == Role.ADMIN else self.exclude(status="draft")

    def published(self) -> Self:
        """The one version that new applications are made under."""
        return self.filter(status="published")


class SelectionCriterionQuerySet(ScopedQuerySet):
    """Criteria of all versions."""

    def visible_to(self, user: Actor) -> Self:
        """Admins see all; everyone else the published ones."""
        return self if role_of(user) == Role.ADMIN else self.exclude(version__status="draft")


class ApplicationQuerySet(OfOrganization):
    """Applications."""

    def visible_to(self, user: Actor) -> Self:
        """Owners see what they typed or their organization sent; the desk what lies in its districts.

        A draft that an owner is still writing is nobody else's business; one that an officer fills in is
        seen by the desk. Nor does an owner see what a stranger began for their business and never sent. A
        claimant whose claim was verified sees the application as a member, and only as
        long as they are one.
        """
        if role_of(user) == Role.MEMBER:
            if (person := account_of(user)) is None:
                return self.none()
            member = self.of_own(own_of(person))
            settled = Claim.objects.filter(
                user=person, business__organization=OuterRef("organization"), status="verified"
            )
            # Filled in by an officer for this address: mail about it goes there already, with a link.
            told = Q(applicant=None, contact_email__iexact=person.email)
            strangers = Q(first_submitted_at=None, applicant__isnull=False) & ~Exists(_applicant_as_owner())
            shared = member & (Q(applicant=person) | ~strangers)
            return self.filter(shared | (Q(applicant=person) & ~Exists(settled)) | told)
        return super().visible_to(user)

    def in_reach(self, reach: Reach) -> Q:
        """Those of organizations in reach and those they review, but for what an owner is still writing."""
        review = apps.get_model("vetting", "Review")
        mine = review.objects.filter(reviewer=reach.user_id, application=OuterRef("pk"))
        theirs = Q(Exists(mine.exclude(conflict="refer"))) | super().in_reach(reach)
        return theirs & (~Q(status="draft") | Q(assisted_by__isnull=False))

    def _all(self) -> Self:
        return type(self)(self.model)

    def open(self) -> Self:
        """Neither decided nor withdrawn."""
        return self.filter(status__in=OPEN)

    def sent(self) -> Self:
        """Open, and the department knows of it."""
        return self.filter(status__in=SENT)

    def of_ended_claims(self) -> Self:
        """Of people who do not speak for the organization: so an officer found, or so they said."""
        return self.filter(_claim_ended(), applicant__isnull=False)

    def unverified_drafts(self) -> Self:
        """Drafts of people who are not known to speak for the organization: nobody verified their claim."""
        return self.filter(~Exists(_applicant_as_owner()), status="draft", applicant__isnull=False)

    def with_obstacle(self) -> Self:
        """Add `obstacle`: what keeps anybody from sending a draft, one of `SENT_BEFORE`, `CLAIM_ENDED` and
        `SPOKEN_FOR`, or nothing.
        """
        others = self._all().sent().filter(organization=OuterRef("organization")).exclude(pk=OuterRef("pk"))
        sent = others.exclude(_claim_ended())  # what a stranger sent keeps nobody out
        owned = Membership.objects.filter(organization=OuterRef("organization"), role="owner")
        return self.annotate(
            obstacle=Case(
                When(Exists(sent), then=Value(SENT_BEFORE)),
                # An assisted application, or one of an owner.
                When(Q(applicant=None) | Q(Exists(_applicant_as_owner())), then=Value("")),
                When(_claim_ended(), then=Value(CLAIM_ENDED)),
                When(Exists(owned), then=Value(SPOKEN_FOR)),
                default=Value(""),
            )
        )

    def sendable_drafts(self) -> Self:
        """Members' drafts that nothing but their writer stands in the way of.

        Nor is the organization a partner already, and the writer still sees the draft.
        """
        verified = Claim.objects.filter(
            user=OuterRef("applicant"), business__organization=OuterRef("organization"), status="verified"
        )
        member = Membership.objects.filter(user=OuterRef("applicant"), organization=OuterRef("organization"))
        return (
            self.with_obstacle()
            .filter(
                Q(Exists(member)) | ~Exists(verified), obstacle="", status="draft", applicant__isnull=False
            )
            .exclude(organization__standing__in=("partner", "suspended"))
        )

    def with_past_members(self) -> Self:
        """Add `was_member`: the applicant's claim was verified, so without a membership theirs has ended."""
        verified = Claim.objects.filter(
            user=OuterRef("applicant"), business__organization=OuterRef("organization"), status="verified"
        )
        return self.annotate(was_member=Exists(verified))

    def approvals_in_force(self) -> Self:
        """What partners stand on: the last approval of each, unless a newer application was sent."""
        newer = self._all().filter(organization=OuterRef("organization"), status__in=APPROVALS)
        later = Q(valid_until__gt=OuterRef("valid_until"))
        later |= Q(valid_until=OuterRef("valid_until"), pk__gt=OuterRef("pk"))
        sent = self._all().sent().filter(organization=OuterRef("organization"))
        return self.filter(
            ~Exists(newer.filter(later)),
            ~Exists(sent),
            status__in=APPROVALS,
            valid_until__isnull=False,
            organization__standing="partner",
        )

    def running(self) -> Self:
        """Waiting for the department."""
        return self.filter(status__in=RUNNING)

    def late(self, today: date) -> Self:
        """Waiting for the department beyond the promised day, by `rules.late_before`."""
        days = Department.current().working_days
        return self.running().filter(promised_on__lt=late_before(days=days, today=today))

    def waiting_for(self, user: Any) -> Self:
        """What waits for this person: a declaration, a review, an agreement with the other reviewer, or for a
        supervisor a decision in which they had no hand.
        """
        review = apps.get_model("vetting", "Review")
        mine = review.objects.active().filter(
            application=OuterRef("pk"), reviewer=user, round=OuterRef("round")
        )
        theirs = Q(Exists(mine.filter(submitted_at=None))) | Q(Exists(mine), step=Step.AGREE)
        wanted = Q(theirs, step__in=WITH_REVIEWERS)
        if role_of(user) == Role.SUPERVISOR:
            wanted |= Q(step=Step.DECIDE) & ~Q(took_part__contains=[user.pk])
        return self.filter(wanted)

    def with_waiting(self) -> Self:
        """Add what `sentences.waiting_for` tells: `asked_for`, how many things an open request names, and
        `missing`, the reviewers of the round who have not sent their review: `id`, `name`, `declared`.
        """
        requests = apps.get_model("vetting", "ActionRequest").objects.waiting()
        asked = requests.filter(application=OuterRef("pk")).values(
            n=Func("fields", function="jsonb_array_length", output_field=IntegerField())
        )
        missing = (
            apps.get_model("vetting", "Review")
            .objects.active()
            .filter(application=OuterRef("pk"), round=OuterRef("round"), submitted_at=None)
            .order_by("pk")
            .values(
                told=JSONObject(id="reviewer_id", name=display_name("reviewer"), declared=~Q(conflict=""))
            )
        )
        return self.annotate(
            asked_for=Coalesce(Subquery(asked[:1]), Value(0)), missing=ArraySubquery(missing)
        )

    def mine(self, user: Any) -> Self:
        """What a desk user has a hand in: lead officer, reviewer, or filled in by them."""
        review = apps.get_model("vetting", "Review")
        reviews = review.objects.filter(application=OuterRef("pk"), reviewer=user).exclude(conflict="refer")
        led = Organization.objects.filter(lead_officer=user).values("pk")
        return self.filter(Exists(reviews) | Q(organization__in=led) | Q(assisted_by=user))

    def concerning(self, user: Any) -> Self:
        """What a desk user has a hand in, what waits for them, and what nobody took in their districts."""
        hand_in = self._all().mine(user).order_by().values("pk")
        waiting = self._all().waiting_for(user).order_by().values("pk")
        untaken = self._all().filter(step=Step.TAKE).in_districts_of(user)
        return self.filter(Q(pk__in=hand_in) | Q(pk__in=waiting) | Q(pk__in=untaken.order_by().values("pk")))

    def in_districts_of(self, user: Any) -> Self:
        """Applications for at least one place of business in the districts assigned to the user today."""
        sites = apps.get_model("vetting", "Application").sites.through.objects.filter(
            application=OuterRef("pk"), business__area__in=reach_of(user).areas
        )
        return self.filter(Exists(sites))


class _OfApplication(ScopedQuerySet):
    """Rows that whoever sees the application sees."""

    def visible_to(self, user: Actor) -> Self:
        """The rows of the applications that exist for `user`."""
        rows = visible(apps.get_model("vetting", "Application"), user)
        return self.filter(application__in=rows.values("pk"))


class AnswerQuerySet(_OfApplication):
    """Answers."""


class EvidenceQuerySet(_OfApplication):
    """Evidence."""


class ActionRequestQuerySet(_OfApplication):
    """Requests for changes."""

    def waiting(self) -> Self:
        """Not answered yet."""
        return self.filter(answered_at=None, closed_at=None)


class ConditionQuerySet(_OfApplication):
    """Conditions of an approval."""

    def still_open(self) -> Self:
        """Neither met nor waived."""
        return self.filter(status="open")


class _Internal(ScopedQuerySet):
    """Vetting material: for officers and supervisors in scope, never for owners, viewers or the public."""

    def visible_to(self, user: Actor) -> Self:
        """The rows of applications in the desk user's scope."""
        if role_of(user) not in WRITERS:
            return self.none()
        rows = visible(apps.get_model("vetting", "Application"), user)
        return self.filter(application__in=rows.values("pk"))


class DecisionQuerySet(_Internal):
    """Decisions. Owners get the letter through their status page, not the row."""


class ReconciliationQuerySet(_Internal):
    """Agreed scores."""


class ReviewQuerySet(_Internal):
    """Reviews."""

    def visible_to(self, user: Actor) -> Self:
        """One's own review always; those of others once all reviews of the round are in."""
        rows = super().visible_to(user)
        before = Q(round__lt=F("application__round"))  # decided, so all were in
        now = Q(round=F("application__round"), application__all_in=True)
        return rows.filter(Q(reviewer=user) | before | now)

    def active(self) -> Self:
        """Those that were not referred to someone else."""
        return self.exclude(conflict="refer")


class ScoreQuerySet(ScopedQuerySet):
    """Scores."""

    def visible_to(self, user: Actor) -> Self:
        """The scores of the reviews that exist for `user`."""
        rows = visible(apps.get_model("vetting", "Review"), user)
        return self.filter(review__in=rows.values("pk"))
