"""The one page that asks and then does: a question with the name of what it is about, and what follows.

A GET changes nothing, so Back and reload are harmless; a form that is taken once (`OneTimeFormMixin`) makes a
second POST harmless too. Where a rule refuses, its sentence and the way back stand in place of the question,
or it stands on the form where other words may be taken; what was typed stays on the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core import edits
from core.access import Refusal, Refused

from . import edit
from .errors import status_of
from .forms import OneTimeFormMixin


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the page says.

    Args:
        question: with the name of what it is about: "Remove Ana Lopez?".
        confirm: what the button says: the deed, as "Remove".
        back: where the way out leads, and where nothing is done.
        explain: what follows, in a sentence or two.
        keep: what the way out says; "Keep it" when left empty.
        danger: whether it takes something away.
        base: the frame of the page.
    """

    question: Any
    confirm: Any
    back: str
    explain: Any = ""
    keep: Any = ""
    danger: bool = False
    base: str = "desk/base.html"


def ask(
    request: HttpRequest,
    words: Question,
    act: Callable[[], tuple[Any, str]],
    *,
    form: forms.Form | None = None,
    refusal: Refusal | None = None,
    too_late: Callable[[Refusal], HttpResponse] | None = None,
    answered: bool | None = None,
) -> HttpResponse:
    """Show the question; on a POST do it, say so and lead on.

    Args:
        request: the request.
        words: what the page says.
        act: does it, and answers what is told then ("" where it has told it) and where to go. It may raise
            `Refused`.
        form: what has to be given with it, such as a reason; bound on a POST.
        refusal: why it can't be done now, if so. A form taken once leaves a POST to `act`, which asks again.
        too_late: the page of a rule that refused the deed itself, where it has one of its own.
        answered: whether the answer is sent; every POST is one, where it is not said.

    Returns:
        The page (403 when a POST was refused, 409 when someone was quicker, with what was typed), or the
        way on.
    """
    status = 200
    if request.method == "POST" if answered is None else answered:
        # What was done by the first POST refuses the second, which a form taken once still answers.
        if refusal is not None and not isinstance(form, OneTimeFormMixin):
            status = status_of(refusal)
        elif form is None or form.is_valid() or not (form.is_bound or form.visible_fields()):
            try:
                told, address = _done(request, act, form)
            except Refused as error:
                if too_late is not None:
                    return too_late(error.refusal)
                found, status = error.refusal, status_of(error.refusal)
                # Other words can't bring back what someone else has ended.
                if form is None or not form.visible_fields() or found.code == edits.STALE:
                    refusal = found
                else:
                    edit.place(form, found)
                    status = edit.answer_of(form)
            else:
                if told:
                    messages.success(request, told)
                return redirect(address)
        else:
            status = edit.answer_of(form)
    context = {
        "base": words.base,
        "question": words.question,
        "explain": words.explain,
        "confirm": words.confirm,
        "keep": words.keep,
        "back_url": words.back,
        "danger": words.danger,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "components/confirm.html", context, status=status)


def _done(
    request: HttpRequest, act: Callable[[], tuple[Any, str]], form: forms.Form | None
) -> tuple[Any, str]:
    if not isinstance(form, OneTimeFormMixin):
        return act()
    told: Any = form.ALREADY_SAVED

    def once() -> str:
        nonlocal told
        told, address = act()
        return address

    address, _again = form.once(request, once)
    return told, address
