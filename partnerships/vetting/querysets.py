"""Sets of vetting rows: who may see what, and in which order they wait."""

from datetime import date
from typing import Any, Self

from django.apps import apps
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from core.access import visible
from core.querysets import ScopedQuerySet
from core.roles import WRITERS, Role, role_of
from partnerships.businesses.models import Claim, Membership
from partnerships.businesses.scoping import OfOrganization, Reach, own_of, reach_of

from .choices import APPROVALS, OPEN, RUNNING, SENT
from .rules import GAP_TO_RECONCILE


def _applicant_as_owner() -> Any:
    """The membership that makes an application's applicant an owner of its organization."""
    return Membership.objects.filter(
        user=OuterRef("applicant"), organization=OuterRef("organization"), role="owner"
    )


class CriteriaVersionQuerySet(ScopedQuerySet):
    """Versions of the criteria."""

    def visible_to(self, user: Any) -> Self:
        """Admins see all; everyone else what was published once."""
        return self if role_of(user) == Role.ADMIN else self.exclude(status="draft")

    def published(self) -> Self:
        """The one version that new applications are made under."""
        return self.filter(status="published")


class SelectionCriterionQuerySet(ScopedQuerySet):
    """Criteria of all versions."""

    def visible_to(self, user: Any) -> Self:
        """Admins see all; everyone else the published ones."""
        return self if role_of(user) == Role.ADMIN else self.exclude(version__status="draft")


class ApplicationQuerySet(OfOrganization):
    """Applications."""

    def visible_to(self, user: Any) -> Self:
        """Owners see what they typed or their organization sent; the desk what lies in its districts.

        A draft that an owner is still writing is nobody else's business; one that an officer fills in is
        seen by the desk. Nor does an owner see what a stranger began for their business and never sent. A
        claimant whose claim was verified sees the application as a member, and only as
        long as they are one.
        """
        if role_of(user) == Role.MEMBER:
            member = self.of_own(own_of(user))
            settled = Claim.objects.filter(
                user=user, business__organization=OuterRef("organization"), status="verified"
            )
            # Filled in by an officer for this address: mail about it goes there already, with a link.
            told = Q(applicant=None, contact_email__iexact=user.email)
            strangers = Q(first_submitted_at=None, applicant__isnull=False) & ~Exists(_applicant_as_owner())
            shared = member & (Q(applicant=user) | ~strangers)
            return self.filter(shared | (Q(applicant=user) & ~Exists(settled)) | told)
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

    def unverified_drafts(self) -> Self:
        """Drafts of people who are not known to speak for the organization: nobody verified their claim."""
        return self.filter(~Exists(_applicant_as_owner()), status="draft", applicant__isnull=False)

    def sendable_drafts(self) -> Self:
        """Members' drafts that nothing but their writer stands in the way of.

        As `guards.may_submit` has it: no other application of the organization was sent, the claim was not
        refused, no owner stands against it. Nor is it a partner already, and the writer still sees it.
        """
        sent = self._all().sent().filter(organization=OuterRef("organization"))
        owned = Membership.objects.filter(organization=OuterRef("organization"), role="owner")
        claims = Claim.objects.filter(
            user=OuterRef("applicant"), business__organization=OuterRef("organization")
        )
        refused = claims.filter(status="refused")
        standing = claims.filter(status__in=("claimed", "verified"))
        unverified = ~Exists(owned) & (~Exists(refused) | Exists(standing))
        member = Membership.objects.filter(user=OuterRef("applicant"), organization=OuterRef("organization"))
        return self.filter(
            Q(Exists(member)) | ~Exists(claims.filter(status="verified")),
            Q(Exists(_applicant_as_owner())) | unverified,
            ~Exists(sent),
            status="draft",
            applicant__isnull=False,
        ).exclude(organization__standing__in=("partner", "suspended"))

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
        """Waiting for the department beyond the promised day."""
        return self.running().filter(promised_on__lt=today)

    def waiting_for(self, user: Any) -> Self:
        """What waits for this person: a declaration, a review, an agreement with the other reviewer, or for a
        supervisor a decision that `guards.may_decide` lets them make.
        """
        review = apps.get_model("vetting", "Review")
        mine = review.objects.filter(
            application=OuterRef("pk"), reviewer=user, round=OuterRef("round")
        ).exclude(conflict="refer")
        wanted = Q(Exists(mine.filter(submitted_at=None)), status__in=RUNNING)
        wanted |= Q(Exists(mine), status="in_review", has_gap=True)
        if role_of(user) == Role.SUPERVISOR:
            decision = apps.get_model("vetting", "Decision")
            ready = self._all().filter(pk=OuterRef("pk")).ready_for_decision()
            took_part = review.objects.filter(application=OuterRef("pk"), reviewer=user)
            decided = decision.objects.filter(application=OuterRef("pk"), decided_by=user)
            theirs = Q(applicant=user) | Q(submitted_by=user) | Q(assisted_by=user)
            own = self._all().filter(theirs, pk=OuterRef("pk"))
            wanted |= Q(Exists(ready), ~Exists(took_part), ~Exists(decided), ~Exists(own))
        return self.with_gap().filter(wanted)

    def with_gap(self) -> Self:
        """Add `has_gap`: the reviewers of the round lie two or more points apart and have not agreed yet.

        The same as `judgement.outcome_of(application).open_gaps`, for lists.
        """
        score = apps.get_model("vetting", "Score")
        agreed = apps.get_model("vetting", "Reconciliation").objects.filter(
            application=OuterRef("review__application"),
            round=OuterRef("review__round"),
            criterion=OuterRef("criterion"),
        )
        apart = (
            score.objects.filter(
                ~Exists(agreed),
                review__application=OuterRef("pk"),
                review__round=OuterRef("round"),
                review__submitted_at__isnull=False,
            )
            .exclude(review__conflict="refer")
            .order_by()
            .values("criterion")
            .annotate(gap=Max("value") - Min("value"))
            .filter(gap__gte=GAP_TO_RECONCILE)
        )
        return self.annotate(has_gap=Exists(apart))

    def with_progress(self) -> Self:
        """Add `reviews_wanted`, `reviews_named` and `reviews_in`, counted in the present round."""
        active = Q(reviews__round=F("round")) & ~Q(reviews__conflict="refer")
        return self.annotate(
            reviews_named=Count("reviews", filter=active, distinct=True),
            reviews_in=Count(
                "reviews", filter=active & Q(reviews__submitted_at__isnull=False), distinct=True
            ),
        )

    def ready_for_decision(self) -> Self:
        """In review with all reviews in, and agreed where they lay apart."""
        rows = self.filter(status="in_review").with_progress().with_gap()
        return rows.filter(
            Q(has_gap=False),
            Q(track="full", reviews_in__gte=F("criteria_version__reviewers_full"))
            | Q(track="basic", reviews_in__gte=F("criteria_version__reviewers_basic")),
            reviews_in=F("reviews_named"),
        )

    def mine(self, user: Any) -> Self:
        """What a desk user has a hand in: lead officer, reviewer, or filled in by them."""
        review = apps.get_model("vetting", "Review")
        reviews = review.objects.filter(application=OuterRef("pk"), reviewer=user).exclude(conflict="refer")
        return self.filter(Exists(reviews) | Q(organization__lead_officer=user) | Q(assisted_by=user))

    def concerning(self, user: Any) -> Self:
        """What a desk user has a hand in, what waits for them, and what nobody took in their districts."""
        hand_in = self._all().mine(user).order_by().values("pk")
        waiting = self._all().waiting_for(user).order_by().values("pk")
        untaken = self._all().running().in_districts_of(user).with_progress().filter(reviews_named=0)
        return self.filter(Q(pk__in=hand_in) | Q(pk__in=waiting) | Q(pk__in=untaken.order_by().values("pk")))

    def in_districts_of(self, user: Any) -> Self:
        """Applications for at least one place of business in the districts assigned to the user today."""
        sites = apps.get_model("vetting", "Application").sites.through.objects.filter(
            application=OuterRef("pk"), business__area__in=reach_of(user).areas
        )
        return self.filter(Exists(sites))


class _OfApplication(ScopedQuerySet):
    """Rows that whoever sees the application sees."""

    def visible_to(self, user: Any) -> Self:
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

    def visible_to(self, user: Any) -> Self:
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

    def visible_to(self, user: Any) -> Self:
        """One's own review always; those of others once all reviews of the round are in."""
        rows = super().visible_to(user)
        return rows.filter(Q(reviewer=user) | Q(pk__in=type(self)(self.model).all_in().values("pk")))

    def active(self) -> Self:
        """Those that were not referred to someone else."""
        return self.exclude(conflict="refer")

    def all_in(self) -> Self:
        """Reviews of rounds in which all that the track asks for were submitted and none is open."""
        siblings = self.model._base_manager.filter(
            application=OuterRef("application"), round=OuterRef("round")
        ).exclude(conflict="refer")
        enough_full = (
            siblings.filter(submitted_at__isnull=False).values("application").annotate(n=Count("pk"))
        )
        return self.filter(
            Exists(
                enough_full.filter(
                    Q(application__track="full", n__gte=F("application__criteria_version__reviewers_full"))
                    | Q(
                        application__track="basic", n__gte=F("application__criteria_version__reviewers_basic")
                    )
                )
            ),
            ~Exists(siblings.filter(submitted_at=None)),
        )


class ScoreQuerySet(ScopedQuerySet):
    """Scores."""

    def visible_to(self, user: Any) -> Self:
        """The scores of the reviews that exist for `user`."""
        rows = visible(apps.get_model("vetting", "Review"), user)
        return self.filter(review__in=rows.values("pk"))
