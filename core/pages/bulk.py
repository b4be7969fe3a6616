"""A step for many rows of a list at once: chosen one by one, or all that match; asked, then done."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from core import edits, words
from core.access import Refusal, check

from . import edit
from .confirm import Question, ask
from .forms import OneTimeFormMixin

ALL = "on"  # as a ticked box says it
MOST = 500  # rows at once: as many as are done while someone waits
CHOSEN, EVERYTHING = "chosen", "all"  # in a list's address: what is ticked
TOLD = 5  # rows told by name: those asked about, and those that were refused


class Numbers(forms.Field):
    """The primary keys of the chosen rows."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value: Any) -> list[int]:
        """What is no number was typed into the address, and chooses nothing."""
        return [int(each) for each in value or [] if str(each).isdecimal() and len(str(each)) < 19]


class Everything(forms.Field):
    """Whether all that match were chosen. Written as `ALL`, and not at all otherwise: "False" is no yes."""

    widget = forms.HiddenInput

    def to_python(self, value: Any) -> bool:
        """Only the exact word chooses everything."""
        return str(value) == ALL

    def prepare_value(self, value: Any) -> str:
        """What the question's page carries along."""
        return ALL if value is True or value == ALL else ""


@dataclass(frozen=True)
class Asked:
    """The rows that a question is about.

    Args:
        pks: of at most `MOST` rows, in order.
    """

    pks: tuple[int, ...]

    @classmethod
    def of(cls, rows: QuerySet[Any]) -> "Asked":
        """Those that are chosen now."""
        return cls(tuple(rows.order_by("pk").values_list("pk", flat=True)))

    @property
    def token(self) -> str:
        """What the question's page carries along: how many, and which."""
        digest = hashlib.sha256(",".join(map(str, self.pks)).encode()).hexdigest()
        return f"{len(self.pks)}-{digest[:32]}"


class BulkForm(OneTimeFormMixin, forms.Form):
    """What is asked before a step for many rows. A step with a question of its own adds fields.

    The yes is to the rows that were asked about: when these are others by now, it is asked again.

    Args:
        request: whose step it is; for choices that depend on it.
        now: the rows that would be done now.
        noun: what they are, singular and plural.
    """

    bulk = forms.CharField(widget=forms.HiddenInput)
    asked = forms.CharField(widget=forms.HiddenInput, required=False)
    rows = Numbers(required=False)
    all = Everything(required=False)

    def __init__(
        self, *args: Any, request: HttpRequest, now: Asked, noun: tuple[Any, Any], **kwargs: Any
    ) -> None:
        self.request, self.now, self.noun = request, now, noun
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        asked = cleaned.get("asked", "")
        if asked != self.now.token:
            typed = QueryDict(mutable=True)
            typed.update(self.data)
            typed[self.add_prefix("asked")] = self.now.token
            self.data = typed
            before = asked.partition("-")[0]
            sentence = _("These are others than you were asked about. Look at them, then confirm once more.")
            if before.isdecimal() and int(before[:9]) != len(self.now.pks):
                sentence = _(
                    "You were asked about %(before)s, and these are %(now)s by now. "
                    "Look at them, then confirm once more."
                ) % {
                    "before": words.count(int(before[:9]), self.noun),
                    "now": words.count(len(self.now.pks), self.noun),
                }
            edit.place(self, Refusal(edits.STALE, sentence))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What the step's own fields say."""
        kept = {"bulk", "asked", "rows", "all", "form_key"}
        return {name: value for name, value in self.cleaned_data.items() if name not in kept}


@dataclass(frozen=True)
class Done:
    """What came of it.

    Args:
        count: of rows that were done.
        refused: the others by name, each with the reason.
    """

    count: int
    refused: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, kw_only=True)
class Bulk:
    """One step for many rows.

    Args:
        key: its name in the form.
        label: the words on the button.
        permission: who may; the service asks again.
        question: with `%(rows)s` for "12 businesses".
        explain: what follows from it.
        act: `(rows, actor=…, **values of the form) -> Done`; calls a service.
        done: the message, with `%(rows)s`.
        form: with fields of its own.
        danger: whether it can't be taken back.
    """

    key: str
    label: Any
    permission: str
    question: Any
    explain: Any
    act: Callable[..., Done]
    done: Any
    form: type[BulkForm] = BulkForm
    danger: bool = False


def respond(
    request: HttpRequest, steps: Sequence[Bulk], rows: QuerySet[Any], noun: tuple[Any, Any]
) -> HttpResponse:
    """Ask about the chosen rows, or do it when the answer was yes.

    Args:
        request: the post, at the list's own address with its filters.
        steps: what the list offers.
        rows: all that match, as the person may see them.
        noun: what the rows are, singular and plural.
    """
    here = _here(request)
    step = next((each for each in steps if each.key == request.POST.get("bulk")), None)
    if step is None:
        return redirect(here)
    check(request, step.permission)
    chosen = Numbers().to_python(request.POST.getlist("rows"))
    everything = request.POST.get("all") == ALL
    wanted = rows if everything else rows.filter(pk__in=chosen[: MOST + 1])
    count = wanted.order_by().values("pk")[: MOST + 1].count()
    if not count:
        messages.info(request, _("Choose at least one of the list first."))
        return redirect(here)
    if count > MOST:
        too_many = _("At most %(most)s at a time. Narrow the list with a filter, then choose all of it.")
        messages.error(request, too_many % {"most": words.number(MOST)})
        return redirect(here)
    asked = Asked.of(wanted)
    answered = "form_key" in request.POST
    initial = {"bulk": step.key, "rows": chosen, "all": everything, "asked": asked.token}
    form = step.form(
        request.POST if answered else None, initial=initial, request=request, now=asked, noun=noun
    )

    def act() -> tuple[Any, str]:
        # No more than was asked about, also where others match since a moment ago.
        done = step.act(list(wanted.filter(pk__in=asked.pks)), actor=request.user, **form.values())
        _tell(request, step, done, noun)
        return "", here

    return ask(
        request,
        Question(
            question=step.question % {"rows": words.count(count, noun)},
            explain=f"{_names(wanted, count)} {step.explain}",
            confirm=step.label,
            keep=_("Go back"),
            back=_here(request, "all" if everything else _written(chosen)),
            danger=step.danger,
        ),
        act,
        form=form,
        answered=answered,
    )


def ticked(request: HttpRequest) -> tuple[frozenset[int], bool]:
    """What is ticked when the list opens: those that a question was about, after "Go back".

    Args:
        request: of the list.

    Returns:
        The primary keys, and whether all that match were chosen.
    """
    written = request.GET.get(CHOSEN, "")
    if written == EVERYTHING:
        return frozenset(), True
    return frozenset(Numbers().to_python(written.split(",")[:MOST])), False


def _here(request: HttpRequest, written: str = "") -> str:
    """The list's own address, with what was chosen on it."""
    params = request.GET.copy()
    params.pop(CHOSEN, None)
    if written:
        params[CHOSEN] = written
    query = params.urlencode(safe=",")
    return f"{request.path}?{query}" if query else request.path


def _written(pks: Sequence[int]) -> str:
    return ",".join(map(str, pks[:MOST]))


def _names(rows: QuerySet[Any], count: int) -> str:
    """The first of the rows by name, and how many more there are."""
    told = ", ".join(str(each) for each in rows[:TOLD])
    if count <= TOLD:
        return f"{told}."
    left = words.number(count - TOLD)
    return _("%(names)s and %(left)s more.") % {"names": told, "left": left}


def _tell(request: HttpRequest, step: Bulk, done: Done, noun: tuple[Any, Any]) -> None:
    if done.count:
        messages.success(request, step.done % {"rows": words.count(done.count, noun)})
    for name, why in done.refused[:TOLD]:
        messages.warning(request, f"{name}: {why}")
    if len(done.refused) > TOLD:
        left = words.count(len(done.refused) - TOLD, noun)
        messages.warning(request, _("And %(rows)s more could not be done.") % {"rows": left})
