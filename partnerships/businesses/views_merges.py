"""The desk's pages that make one record of two, and two of one again."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.access import refusal, requires, visible
from core.pages.confirm import Question, ask

from . import lists_duplicates, services
from .forms import MergeForm
from .lists_duplicates import pair_of
from .merging import rules, suggestions, told
from .models import Merge, Organization
from .services.merges import MERGED_ON, UNDONE
from .story.chapters import changes

RELATIONS = ("kept__organization", "merged__organization", "kept_organization", "merged_organization", "by")


@requires("core.write_desk", "businesses.merge_records")
@require_http_methods(["GET", "POST"])
def duplicate_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what moves, then make one place of two."""
    pair = pair_of(request, pk)
    form = MergeForm(request.GET, pair=pair)
    if not form.is_whole:
        return redirect("desk:duplicate", pk)
    kept, gone = form.kept, form.gone
    names = {"kept": kept.name, "gone": gone.name}

    def merge() -> tuple[str, str]:
        made = services.merge_businesses(kept=kept, gone=gone, actor=request.user, chosen=form.chosen)
        return _("%(gone)s is part of %(kept)s now.") % names, made.get_absolute_url()

    words = Question(
        question=_("Merge %(gone)s into %(kept)s?") % names,
        explain=_explained(told.of_places(kept, gone), kept.name),
        confirm=_("Merge"),
        back=reverse("desk:duplicate", args=[pk]),
        keep=_("Go back"),
        danger=True,
    )
    return ask(request, words, merge, refusal=rules.may_merge(kept, gone))


def _explained(moves: list[told.Moves], name: str) -> str:
    """What goes over, and that it can be undone."""
    goes = told.listed(moves)
    first = (
        _("To %(name)s go: %(what)s.") % {"name": name, "what": goes}
        if goes
        else _("Nothing else hangs on the record that is given up.")
    )
    return (
        first
        + " "
        + _("The other record stays on file, out of every list, and its address leads here. You can undo it.")
    )


@requires("core.write_desk")
@require_safe
def merges(request: HttpRequest) -> HttpResponseBase:
    """What was merged, the latest first."""
    return lists_duplicates.MERGES.respond(request)


@requires("core.write_desk")
@require_safe
def merge(request: HttpRequest, pk: int) -> HttpResponse:
    """A record that was merged into another: what moved, its history, and the way back."""
    found = _merge(request, pk)
    context = {
        "merge": found,
        "moved": told.moved(found),
        "fields": told.fields(found),
        "left": told.left(found) if found.is_undone else None,
        "history": list(changes(found.merged, request.user)) if found.merged else [],
        "blocked": refusal(request.user, "businesses.undo_merge", found) or _undone(found),
    }
    return render(request, "businesses/merge.html", context)


@requires("core.write_desk", "businesses.undo_merge")
@require_http_methods(["GET", "POST"])
def merge_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Make two records of one again, after a question."""
    found = _merge(request, pk)
    names = {"gone": str(found.gone), "kept": str(found.stays)}

    def undo() -> tuple[str, str]:
        services.undo_merge(merge=found, actor=request.user)
        return _("%(gone)s and %(kept)s are two records again.") % names, found.get_absolute_url()

    words = Question(
        question=_("Take %(gone)s and %(kept)s apart again?") % names,
        explain=_(
            "What moved goes back, with what was changed on it since. What was added to or changed on "
            "the record that stayed, stays there; the next page lists it."
        ),
        confirm=_("Undo the merge"),
        back=found.get_absolute_url(),
        keep=_("Go back"),
    )
    return ask(request, words, undo, refusal=_undone(found))


def _undone(merge: Merge) -> Any:
    if merge.is_undone:
        return UNDONE
    on = merge.kept.merged_into_id if merge.kept else None
    return MERGED_ON if on or merge.kept_organization.merged_into_id else None


def _merge(request: HttpRequest, pk: int) -> Merge:
    return get_object_or_404(visible(Merge, request.user).select_related(*RELATIONS), pk=pk)


@requires("core.write_desk", "businesses.merge_records")
@require_safe
def organization_gather(request: HttpRequest, pk: int) -> HttpResponse:
    """Organizations whose places may belong to this one, and a search for others."""
    whole = get_object_or_404(visible(Organization, request.user), pk=pk)
    text = request.GET.get("q", "").strip()[:200]
    context = {
        "organization": whole,
        "q": text,
        "found": suggestions.suggestions(whole, request.user, text),
        "first": whole.sites.order_by("pk").first(),
    }
    return render(request, "businesses/gather.html", context)


@requires("core.write_desk", "businesses.merge_records")
@require_http_methods(["GET", "POST"])
def organization_gather_one(request: HttpRequest, pk: int, other: int) -> HttpResponse:
    """Say what moves, then gather the places of another organization under this one."""
    rows = visible(Organization, request.user)
    whole, gone = get_object_or_404(rows, pk=pk), get_object_or_404(rows, pk=other)
    names = {"kept": whole.name, "gone": gone.name}

    def gather() -> tuple[str, str]:
        made = services.gather_organization(kept=whole, gone=gone, actor=request.user)
        return _("The places of %(gone)s are part of %(kept)s now.") % names, made.get_absolute_url()

    words = Question(
        question=_("Gather the places of %(gone)s under %(kept)s?") % names,
        explain=_explained(told.of_organizations(gone), whole.name),
        confirm=_("Gather them"),
        back=reverse("desk:organization_gather", args=[pk]),
        keep=_("Go back"),
    )
    return ask(request, words, gather, refusal=rules.may_gather(whole, gone))
