"""Two records become one, and two again: in one transaction, with a journal of all that moved."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actors import account_of
from core import audit, clock, moving
from core.access import Actor, Refusal, Refused, check
from partnerships.businesses.merging import choices as choosing
from partnerships.businesses.merging import consents, members, rules
from partnerships.businesses.models import (
    Business,
    Contact,
    DuplicatePair,
    Membership,
    Merge,
    Organization,
    SourceNumber,
)
from partnerships.businesses.workflow import PAIR

from .turns import take_turns

BUSINESS, ORGANIZATION = "businesses.Business", "businesses.Organization"
UNDONE = Refusal("undone", _("This merge was undone already."))
MERGED_ON = Refusal(
    "merged_on", _("What stayed was itself merged into another record since. Undo that merge first.")
)


@transaction.atomic
def merge_businesses(
    *, kept: Business, gone: Business, actor: Actor, chosen: Mapping[str, str] | None = None
) -> Merge:
    """Make one place of two. Where their organizations are two, these become one as well.

    What belonged to the place that is given up belongs to the other one from now on; its own row stays, out
    of every list, with its address and its numbers, which lead to the other one.

    Args:
        kept: the place that stays.
        gone: the place that is given up.
        actor: a supervisor who looks after both; `None` for the system.
        chosen: by the name of a choice (`side_by_side.CHOICES`): "kept" or "merged".

    Raises:
        Refused: the actor may not, or something stands in the way (`rules.may_merge`), such as someone who
            merged one of the two a moment ago.
    """
    check(actor, "businesses.merge_records", kept)
    check(actor, "businesses.merge_records", gone)
    kept, gone = _locked(kept, gone)
    if (found := rules.may_merge(kept, gone)) is not None:
        raise Refused(found)
    whole, other = kept.organization, gone.organization
    two = whole.pk != other.pk
    merge = Merge(kept=kept, merged=gone, kept_organization=whole, merged_organization=other if two else None)
    _begin(merge, actor)
    journal = _Journal(merge)
    journal.consents(_contacts(gone), _contacts(kept))
    Business.everything.filter(pk=gone.pk).update(merged_into=kept)  # so it stays with its organization
    if two:
        journal.gather(whole, other, [gone.pk], actor)
    journal.handed += moving.hand_over(BUSINESS, gone.pk, kept.pk)
    journal.change(kept, choosing.of_place(kept, gone, chosen or {}), actor, always=True)
    journal.settle_pairs(kept, gone, actor)
    journal.keep()
    audit.record("businesses.business_merged", kept, actor=actor, detail=f"{BUSINESS}-{gone.pk}")
    return merge


@transaction.atomic
def gather_organization(*, kept: Organization, gone: Organization, actor: Actor) -> Merge:
    """Let the places, people and applications of one organization belong to another, such as a chain's.

    Args:
        kept: the organization that stays.
        gone: the one that is given up; none of its places is merged.
        actor: a supervisor who looks after both; `None` for the system.

    Raises:
        Refused: the actor may not, or something stands in the way (`rules.may_gather`).
    """
    check(actor, "businesses.merge_records", kept)
    check(actor, "businesses.merge_records", gone)
    rows = take_turns([kept.pk, gone.pk])
    kept, gone = rows[kept.pk], rows[gone.pk]
    if (found := rules.may_gather(kept, gone)) is not None:
        raise Refused(found)
    merge = Merge(kept_organization=kept, merged_organization=gone)
    _begin(merge, actor)
    journal = _Journal(merge)
    journal.consents(_contacts(gone), _contacts(kept))
    journal.gather(kept, gone, list(gone.sites.order_by("pk").values_list("pk", flat=True)), actor)
    journal.keep()
    audit.record("businesses.organization_gathered", kept, actor=actor, detail=f"{ORGANIZATION}-{gone.pk}")
    return merge


@transaction.atomic
def undo_merge(*, merge: Merge, actor: Actor) -> Merge:
    """Make two records of one again.

    What moved goes back, with what people changed on it since; what they added or changed on the record that
    stayed, stays there. `left` of the row says what that was.

    Args:
        merge: it is read again under a lock.
        actor: a supervisor who looks after the record; `None` for the system.

    Raises:
        Refused: the actor may not, it was undone already, or the record that stayed was merged on since.
    """
    check(actor, "businesses.undo_merge", merge)
    numbers = [merge.kept_organization_id, merge.merged_organization_id]
    organizations = take_turns(each for each in numbers if each is not None)
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.is_undone:
        raise Refused(UNDONE)
    places = _rows(each for each in (merge.kept_id, merge.merged_id) if each is not None)
    whole = organizations[merge.kept_organization_id]
    if whole.merged_into_id or any(places[pk].merged_into_id for pk in (merge.kept_id,) if pk):
        raise Refused(MERGED_ON)
    left = _take_back(merge, places, organizations, actor)
    merge.undone_at, merge.undone_by_name = clock.now(), str(getattr(actor, "display_name", "") or "")[:200]
    merge.left = left
    merge.save(update_fields=["undone_at", "undone_by_name", "left"])
    audit.record("businesses.merge_undone", merge.kept or whole, actor=actor, detail=f"merge-{merge.pk}")
    return merge


def _take_back(
    merge: Merge, places: dict[int, Business], organizations: dict[int, Organization], by: Actor
) -> dict[str, Any]:
    told = merge.journal
    # The records stand for themselves again before anything points to them.
    if merge.merged_id:
        Business.everything.filter(pk=merge.merged_id).update(merged_into=None)
    if merge.merged_organization_id:
        Organization.everything.filter(pk=merge.merged_organization_id).update(merged_into=None)
    found = moving.hand_back(told["handed"], merge.at)
    members.narrow(told["widened"])
    members.release(told["confined"])
    fields = []
    for label, pk, changes in told["fields"]:
        rows: Any = places if label == BUSINESS else organizations
        fields += _restore(rows[pk], changes, by)
    for pk, number in told["site_numbers"]:
        Business.everything.filter(pk=pk, site_number="").update(site_number=number)
    SourceNumber.objects.filter(pk__in=told["numbers"]).delete()
    consents.give_back(told["consents"], merge.pk)
    DuplicatePair.objects.filter(pk__in=told["pairs"], status=DuplicatePair.Status.DISMISSED).delete()
    for pair in DuplicatePair.objects.filter(pk=told["pair"], status=DuplicatePair.Status.MERGED):
        PAIR.move(pair, "unmerge", actor=by)
    return {
        "stayed": found.stayed, "changed": found.changed, "gone": found.gone, "fields": fields,
        "added": _added_since(merge),
    }  # fmt: skip


def _restore(row: Any, changes: Mapping[str, Any], by: Actor) -> list[str]:
    """Set columns to what they said before, where they still say what the merge set; the names of others."""
    back, kept = {}, []
    for name, (before, after) in changes.items():
        column = row._meta.get_field(name)
        if getattr(row, name) == column.to_python(after):
            back[name] = column.to_python(before)
        else:
            kept.append(column.name)
    row.stamp(by)
    stamps = {"updated_at": row.updated_at, "updated_by_name": row.updated_by_name}
    type(row)._base_manager.filter(pk=row.pk).update(**back, **stamps)
    return kept


def _added_since(merge: Merge) -> list[tuple[str, int]]:
    """What came to the record that stays after the merge, and stays there: relation and how many."""
    found = []
    targets = [(BUSINESS, merge.kept_id)] if merge.kept_id else []
    for label, pk in [*targets, (ORGANIZATION, merge.kept_organization_id)]:
        for each in moving.follows(label):
            names = {column.name for column in each.model._meta.concrete_fields}
            if "created_at" in names and pk is not None:
                n = each.rows(pk).filter(created_at__gt=merge.at).count()
                found += [(each.relation, n)] if n else []
    return found


def _locked(kept: Business, gone: Business) -> tuple[Business, Business]:
    """Both places under a lock, behind their organizations."""
    organizations = take_turns([kept.organization_id, gone.organization_id])
    rows = _rows([kept.pk, gone.pk])
    for row in rows.values():
        if row.organization_id not in organizations:  # it was gathered under another one a moment ago
            raise Refused(rules.GONE)
        row.organization = organizations[row.organization_id]
    return rows[kept.pk], rows[gone.pk]


def _rows(numbers: Iterable[int]) -> dict[int, Business]:
    rows = Business.everything.select_for_update(of=("self",)).filter(pk__in=set(numbers)).order_by("pk")
    return {row.pk: row for row in rows}


def _begin(merge: Merge, by: Actor) -> None:
    merge.at = clock.now()
    merge.by = account_of(by)
    merge.by_name = str(getattr(by, "display_name", "") or "")[:200]
    merge.save()


def _contacts(of: Business | Organization) -> list[Contact]:
    pk = of.organization_id if isinstance(of, Business) else of.pk
    return list(Contact.objects.filter(organization=pk).order_by("pk"))


class _Journal:
    """What a merge changes, written down so that it can be taken back."""

    def __init__(self, merge: Merge) -> None:
        self.merge = merge
        self.handed: list[dict[str, Any]] = []
        self.fields: list[tuple[str, int, dict[str, Any]]] = []
        self.widened: list[dict[str, Any]] = []
        self.confined: list[int] = []
        self.site_numbers: list[tuple[int, str]] = []
        self.numbers: list[int] = []
        self.noted: list[dict[str, Any]] = []
        self.pair: int | None = None
        self.pairs: list[int] = []

    def keep(self) -> None:
        """Write it down with the merge."""
        self.merge.journal = {
            "handed": self.handed, "fields": self.fields, "widened": self.widened,
            "confined": self.confined, "site_numbers": self.site_numbers, "numbers": self.numbers,
            "consents": self.noted, "pair": self.pair, "pairs": self.pairs,
        }  # fmt: skip
        self.merge.save(update_fields=["journal"])

    def consents(self, gone: list[Contact], kept: list[Contact]) -> None:
        """Let what one person refused hold for both of their addresses."""
        self.noted = consents.carry(gone, kept, self.merge.pk)

    def change(self, row: Any, values: Mapping[str, Any], by: Actor, *, always: bool = False) -> None:
        """Set columns of a record that stays.

        Args:
            row: the record, locked.
            values: by column.
            by: who merges.
            always: write the row in any case: its triggers read what was merged into it.
        """
        if not values and not always:
            return
        changes = {name: [getattr(row, name), value] for name, value in values.items()}
        for name, value in values.items():
            setattr(row, name, value)
        row.stamp(by)
        stamps = {"updated_at": row.updated_at, "updated_by_name": row.updated_by_name}
        type(row)._base_manager.filter(pk=row.pk).update(**values, **stamps)
        self.fields.append((row._meta.label, row.pk, changes))

    def gather(self, kept: Organization, gone: Organization, sites: list[int], by: Actor) -> None:
        """Let what belongs to an organization belong to another.

        Args:
            kept, gone: locked.
            sites: numbers of the places that come over.
            by: who merges.
        """
        members_of = Membership.objects.filter(organization=gone.pk)
        places = Business.everything.filter(organization=kept.pk, merged_into=None)
        beside = places.exclude(pk__in=[self.merge.kept_id or 0]).exists()
        self._number(kept, gone)
        self.widened = members.widen(gone.pk, kept.pk, sites)
        moved = list(
            members_of.exclude(pk__in=[row.pk for row in self._both(gone, kept)]).values_list("pk", flat=True)
        )
        self.handed += moving.hand_over(ORGANIZATION, gone.pk, kept.pk)
        self.confined = members.confine(moved, sites) if beside else []
        Organization.everything.filter(pk=gone.pk).update(merged_into=kept)
        self.change(kept, choosing.of_organization(kept, gone), by)

    def _both(self, gone: Organization, kept: Organization) -> Any:
        users = Membership.objects.filter(organization=kept.pk).values("user")
        return Membership.objects.filter(organization=gone.pk, user__in=users)

    def _number(self, kept: Organization, gone: Organization) -> None:
        """Let a file still find the places that come over, by the account that they had."""
        places = list(Business.everything.filter(organization=gone.pk, merged_into=None).order_by("pk"))
        if gone.source and gone.account_number:
            made = SourceNumber.objects.bulk_create(
                SourceNumber(
                    source=gone.source, account_number=gone.account_number, site_number=each.site_number,
                    business=each,
                )
                for each in places
            )  # fmt: skip
            self.numbers = [each.pk for each in made]
        taken = Business.everything.filter(organization=kept.pk).exclude(site_number="")
        numbers = set(taken.values_list("site_number", flat=True))
        for each in places:
            if each.site_number in numbers:
                self.site_numbers.append((each.pk, each.site_number))
        Business.everything.filter(pk__in=[pk for pk, _number in self.site_numbers]).update(site_number="")

    def settle_pairs(self, kept: Business, gone: Business, by: Actor) -> None:
        """The pair is settled; what was said of the record given up and a third one holds for what stays."""
        one, other = sorted((kept.pk, gone.pk))
        pair = DuplicatePair.objects.filter(one=one, other=other).first()
        if pair is not None and pair.status != DuplicatePair.Status.MERGED:
            pair = PAIR.move(pair, "merge", actor=by)
            pair.settle(account_of(by))
            pair.save(update_fields=["settled_at", "settled_by"])
            self.pair = pair.pk
        for third in self._two_with(gone.pk):
            one, other = sorted((kept.pk, third))
            if one == other:
                continue
            row, fresh = DuplicatePair.objects.get_or_create(
                one_id=one, other_id=other, defaults={"score": 0}
            )
            if fresh:
                self.pairs.append(row.pk)
                PAIR.move(row, "dismiss", actor=by)

    def _two_with(self, number: int) -> list[int]:
        dismissed = DuplicatePair.objects.filter(status=DuplicatePair.Status.DISMISSED)
        first = dismissed.filter(one=number).values_list("other", flat=True)
        return [*first, *dismissed.filter(other=number).values_list("one", flat=True)]
