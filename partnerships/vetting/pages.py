"""What several pages of this room share: where they stand, their application, what is shown beside it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.forms import BaseForm, BooleanField, FileInput, Textarea
from django.forms.widgets import Input
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core import audit
from core.access import Refusal, Refused, visible
from core.edits import STALE
from core.files import FileRefusedError
from core.links import web_address
from core.pages import edit
from core.pages.edit import Versioned

from . import fields, guards, permissions, sentences, services
from .forms import AnswerForm, PartForm, RequestForm
from .judgement import outcome_of
from .models import Application, Evidence, Review, Score


@dataclass(frozen=True)
class Place:
    """Where the wizard is shown: the owner's portal or the officer's desk."""

    base: str
    step_view: str
    done_view: str
    file_view: str

    def step_url(self, application: Application, step: str, *, check: bool = False) -> str:
        """The address of a step; with `check` it leads back to the page before sending."""
        return f"{reverse(self.step_view, args=[application.pk, step])}{'?check=1' if check else ''}"

    def done_url(self, application: Application) -> str:
        """Where the application is shown."""
        return reverse(self.done_view, args=[application.pk])

    def file_url(self, item: Evidence) -> str:
        """The address of a file."""
        return reverse(self.file_view, args=[item.pk])


PORTAL = Place("portal/base.html", "portal:application_step", "portal:application_status", "portal:evidence")
DESK = Place("desk/base.html", "desk:application_fill", "desk:application", "desk:evidence")


def get_application(request: HttpRequest, pk: int, *, read: bool = True) -> Application:
    """The application, if it exists for this user; reading it is put on record."""
    rows = visible(Application, request.user).select_related(
        "organization__lead_officer", "criteria_version", "applicant", "assisted_by", "submitted_by",
        "visited_by", "industry",
    )  # fmt: skip
    found = get_object_or_404(rows, pk=pk)
    if read and request.method == "GET":
        audit.record("vetting.application_read", found)
    return found


def all_in(request: HttpRequest, application: Application) -> list[Review]:
    """The reviews of the round, once they may be compared.

    Raises:
        Refused: a review is still missing.
    """
    rows: Any = visible(Review, request.user).filter(application=application, round=application.round)
    found = list(rows.active().select_related("reviewer")) if application.all_in else []
    if not found:
        raise Refused(permissions.NOT_ALL_IN)
    return found


def glance(application: Application) -> dict[str, Any]:
    """What stands beside the pages of an application."""
    sites = list(application.sites.select_related("area__parent", "industry"))
    words, tone = sentences.claim_words(application)
    return {
        "application": application,
        "age": sentences.age_of(application),
        "sites": sites,
        "first_site": sites[0] if sites else None,
        "industry": application.industry or next((s.industry for s in sites if s.industry), None),
        "claim_words": words,
        "claim_tone": tone,
    }


def answers_of(application: Application) -> list[dict[str, Any]]:
    """Each criterion with the owner's answer and evidence, in order."""
    answers = {each.criterion_id: each for each in application.answers.all()}
    items: dict[int, list[tuple[Any, str]]] = {}
    for item in application.evidence.all():
        items.setdefault(item.criterion_id, []).append((item, web_address(item.url) or DESK.file_url(item)))
    return [
        {"criterion": each, "answer": answers.get(each.pk), "evidence": items.get(each.pk, [])}
        for each in fields.criteria_of(application)
    ]


def side_by_side(application: Application, reviews: list[Review]) -> list[dict[str, Any]]:
    """Each criterion with every reviewer's score and note, the agreed one, and the score that counts."""
    outcome = outcome_of(application)
    scores = {
        (each.review_id, each.criterion_id): each
        for each in Score.objects.filter(review__in=[r.pk for r in reviews])
    }
    agreed = {
        each.criterion_id: each
        for each in application.reconciliations.filter(round=application.round).select_related("by")
    }
    lines = []
    for row in answers_of(application):
        criterion = row["criterion"]
        given = [(r, scores.get((r.pk, criterion.pk))) for r in reviews]
        lines.append(
            {
                **row,
                "given": [
                    {
                        "reviewer": r.reviewer,
                        "score": s,
                        "word": criterion.anchor(s.value)["word"] if s and s.value is not None else "",
                    }
                    for r, s in given
                ],
                "agreed": agreed.get(criterion.pk),
                "counts": outcome.scores.get(criterion.code),
                "unmet": criterion.code in outcome.unmet,
                "gap": criterion.code in outcome.open_gaps,
            }
        )
    return lines


def keep_evidence(application: Application, form: AnswerForm | RequestForm, user: Any) -> bool:
    """Keep the files and links that came with a form; what can't be kept is said at its field.

    A browser sends a file once: it is kept also where something else on the page is to be corrected. What was
    dealt with is taken off the form, so that asking twice keeps nothing twice.

    Args:
        application: a draft, or one that waits for the owner.
        form: bound and looked through, with or without errors.
        user: who sent it.

    Returns:
        Whether everything that came could be kept.
    """
    sound = True
    for each in form.additions:
        given = {"application": application, "criterion": each.criterion, "actor": user}
        upload, link = form.cleaned_data.pop(each.file, None), form.cleaned_data.pop(each.link, None)
        try:
            field = each.file
            if upload:
                services.add_evidence_file(name=upload.name, upload=upload, **given)
            field = each.link
            if link:
                services.add_evidence_link(url=link, **given)
        except FileRefusedError as error:
            form.add_error(field, str(error))
            sound = False
        except Refused as refused:
            edit.place(form, replace(refused.refusal, field=field))
            sound = False
    return sound


def keep_the_rest(request: HttpRequest, form: PartForm, save: Callable[[], Application]) -> None:
    """Save what is right of a form whose sender finishes later, and say so beside what is wrong.

    Args:
        request: the post.
        form: with errors.
        save: calls the service with what is right, and gives the application as it stands then.
    """
    if not form.can_be_kept:
        return
    try:
        form.carry(save())
    except Refused as refused:
        edit.place(form, refused.refusal)
    else:
        messages.info(request, _("Everything else is saved."))


def too_late(
    request: HttpRequest, application: Application, found: Refusal, place: Place, form: BaseForm | None = None
) -> HttpResponse:
    """Say why a step can't be taken. Who at the department took another one is not the owner's to know.

    Args:
        request: the request.
        application: whose state has changed.
        found: why.
        place: where it leads back to.
        form: what was typed; words that are not saved stay on the page (409, or 403), to be copied.

    Raises:
        Refused: the step is not this user's, and nothing was typed.
    """
    overtaken = found.code in (STALE, guards.SENT_ALREADY.code)
    application.refresh_from_db()
    words = {"status": application.get_status_display()}
    sentence = str(found.sentence)
    if overtaken:
        sentence = _("That can’t be done now: the application is “%(status)s”.") % words
    kept = [] if form is None else unsaved_words(form, application)
    if kept:
        context = {
            "base": place.base,
            "application": application,
            "done_url": place.done_url(application),
            "sentence": sentence,
            "kept": kept,
        }
        late = overtaken or found.code == guards.BEGUN_ALREADY.code
        return render(request, "vetting/too_late.html", context, status=409 if late else 403)
    if not overtaken:
        raise Refused(found)
    messages.error(request, sentence)
    return redirect(place.done_url(application))


def unsaved_words(form: BaseForm, application: Application) -> list[str]:
    """The texts and files of a form that an application does not hold: a page sent twice has lost none."""
    row = Application._base_manager.get(pk=application.pk)  # a form writes what was typed onto its own
    said = form.said(row) if isinstance(form, Versioned) else {"text": row.appeal_text}
    found = []
    known = {PurePath(each).stem for each in row.evidence.values_list("name", flat=True)}
    for name, field in form.fields.items():
        widget = field.widget
        upload = form.files.get(form.add_prefix(name)) if isinstance(widget, FileInput) else None
        if upload is not None and PurePath(upload.name or "").stem not in known:
            found.append(_("The file %(name)s") % {"name": upload.name})
        if widget.is_hidden or isinstance(widget, FileInput) or not isinstance(widget, Input | Textarea):
            continue
        typed, saved = (
            str(each or "").replace("\r\n", "\n").strip() for each in (form[name].value(), said.get(name))
        )
        if form.is_bound and not isinstance(field, BooleanField) and typed and typed != saved:
            found.append(typed)
    return found
