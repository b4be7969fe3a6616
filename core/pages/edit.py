"""Pages that change a row: nothing typed is lost, and nothing of someone else's is overwritten unseen.

    form = BusinessForm(request.POST or None, instance=business, user=request.user)
    saved = edit.attempt(
        form,
        lambda: services.update_business(
            business=business, actor=request.user, seen=form.seen, **form.values()
        ),
    )
    if saved is not None:
        return redirect(…)
    return edit.page(request, "businesses/desk_edit.html", form, {"business": business})

A form carries the version of the row that it showed. When the row says something else by now, the answer is
409 with both versions, field by field, and carries the version of now: who saves once more replaces it
knowingly, or takes it where they tick "Take theirs". A field that was not touched takes what someone else
wrote, so that nothing is undone by it. Both versions stay on the page until they are saved. An answer with
other errors carries the version that was shown. A page that is reloaded, or found again with "Back", still
carries its old version, and so is answered by 409 as well.

What a service refuses is said at its field. The answer is 403, or 200 where the refusal names a wrong value,
as for what the form itself finds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core import signing
from django.db import models
from django.forms.boundfield import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from core import edits, words
from core.access import Refusal, Refused
from core.models import Changed

from . import versions
from .errors import status_of

T = TypeVar("T")
SALT = "core.pages.edit.version"
THEIRS = "theirs"  # names the fields of which the version of now is taken
HIDDEN = frozenset({"version", "form_key"})


Digests = dict[str, list[str]]


@dataclass(frozen=True)
class Shown:
    """What a page carried: the version it showed, and the one before where both versions were shown."""

    now: Digests
    before: Digests


@dataclass(frozen=True)
class Difference:
    """A field in which the typed version and the one of now differ, both in words.

    Attributes:
        taken: it was not touched here, so that the form holds what someone else wrote by now.
    """

    field: BoundField
    yours: str
    now: str
    taken: bool = False


@dataclass(frozen=True)
class Conflict:
    """What the page says when the row changed since it was shown.

    Attributes:
        sentence: who changed it, when, and what to do.
        by: who and when, for the heading of their version; empty when it is not to be told.
        differences: the fields that differ.
        news: it is told for the first time; else it stays in sight while something else is corrected.
    """

    sentence: str
    by: str
    differences: list[Difference]
    news: bool = True

    @property
    def taken(self) -> bool:
        """Whether some field holds what someone else wrote, since it was not touched here."""
        return any(each.taken for each in self.differences)


class Carried(forms.CharField):
    """What a page carries along unseen: nobody changes it, whatever it says."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class Versioned(forms.Form):
    """A form over a row that knows which version of it was shown.

    A subclass says which row that is (`row`) and what it says in the fields of this form (`said`).

    Attributes:
        refusals: the field that a refusal of the service belongs to, by its code.
        seen: `updated_at` of the row as it was read, for the service; `None` where the row has none.
        conflict: set when the row changed since.
    """

    refusals: ClassVar[dict[str, str]] = {}
    version = Carried(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict: Conflict | None = None
        self._earlier: Conflict | None = None
        row = self.row
        self.seen: datetime | None = row.updated_at if isinstance(row, Changed) else None
        if row is not None:
            # When the page is drawn: a subclass adds and removes fields until then.
            self.fields["version"].initial = lambda: self._token(row)

    @property
    def row(self) -> models.Model | None:
        """The row to be changed; `None` for a new one."""
        raise NotImplementedError

    def said(self, row: Any) -> dict[str, Any]:
        """What `row` says in this form's fields, by name: texts, numbers, keys of rows or lists of them."""
        raise NotImplementedError

    def who(self, row: models.Model) -> str:
        """Who changed the row last, and when; empty when it is not known, or not to be told."""
        if not isinstance(row, Changed):
            return ""
        moment = words.moment(row.updated_at)
        name = row.updated_by_name or _("someone else")
        return _("%(name)s, %(time)s") % {"name": name, "time": moment}

    def sentence(self, row: models.Model) -> str:
        """That someone was quicker, and what to do now."""
        if not isinstance(row, Changed):
            return _(
                "This was changed in the meantime, in another window or by someone else. Your text is kept "
                "below. Compare the two versions, then save once more to replace what is there."
            )
        return str(edits.stale_edit(row))

    def values(self) -> dict[str, Any]:
        """What was typed, for the service."""
        return {name: value for name, value in self.cleaned_data.items() if name not in HIDDEN}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        row = self.row
        if row is None:
            return cleaned
        shown = self._shown(row)
        if shown.now != self._digests(row):
            if self._differences(row, shown.now):
                self.meet(row)
                raise forms.ValidationError(str(self.conflict.sentence), code=edits.STALE)  # type: ignore[union-attr]  # just met
        elif shown.before:
            # Both versions were shown already. Read here: a model form writes into its row next.
            self._earlier = Conflict(
                self.sentence(row), self.who(row), self._differences(row, shown.before), news=False
            )
        return cleaned

    def full_clean(self) -> None:
        self._earlier = None
        self._take_theirs()
        super().full_clean()
        self.keep_in_sight()

    def _take_theirs(self) -> None:
        """Put what is saved now in place of what was typed, in the fields where the page was told so."""
        row, key = self.row, self.add_prefix(THEIRS)
        if row is None or key not in self.data or self._shown(row).now != self._digests(row):
            return
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        wanted = sent.pop(key)
        for name, now in self.said(row).items():
            if name in wanted:
                self._put(sent, name, now)
        self.data = sent

    def _put(self, sent: QueryDict, name: str, value: Any) -> None:
        for key, values in versions.drawn(self[name], value).items():
            sent.setlist(key, values)

    def keep_in_sight(self) -> None:
        """Show both versions again where they were shown already and something else is to be corrected."""
        if self.errors and self.conflict is None:
            self.conflict = self._earlier

    def meet(self, row: models.Model) -> None:
        """Show both versions from here on, take over what was not touched, and carry the version of now.

        Args:
            row: as it stands now.
        """
        before = self._shown(row).now
        self.conflict = Conflict(self.sentence(row), self.who(row), self._differences(row, before))
        self.carry(row, before)
        said, sent = self.said(row), QueryDict(mutable=True)
        sent.update(self.data)
        for each in self.conflict.differences:
            if each.taken:
                self._put(sent, each.field.name, said[each.field.name])
        self.data = sent

    def carry(self, row: models.Model, before: Digests | None = None) -> None:
        """Carry this version from here on: what was typed is saved, or both versions are shown.

        Args:
            row: as it stands now.
            before: what was shown before someone else changed it.
        """
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed[self.add_prefix("version")] = self._token(row, before)
        self.data = typed

    def _digests(self, row: models.Model) -> Digests:
        """What tells one version from another, field by field; the row's own key is one of them.

        Of a field: what the row says, and what a browser sends for it where nobody touches it.
        """
        found = {"": [str(row.pk)]}
        for name, now in self.said(row).items():
            found[name] = [
                versions.digest(versions.plain(now)),
                versions.digest(versions.drawn(self[name], now)),
            ]
        return found

    def _token(self, row: models.Model, before: Digests | None = None) -> str:
        return signing.dumps([self._digests(row), before or {}], salt=SALT, compress=True)

    def _shown(self, row: models.Model) -> Shown:
        """The version that the page carried; an empty one where there is none of this row."""
        try:
            found = Shown(*signing.loads(self.data.get(self.add_prefix("version")) or "", salt=SALT))
        except (signing.BadSignature, TypeError):
            return Shown({}, {})
        return found if found.now.get("") == [str(row.pk)] else Shown({}, {})

    def _differences(self, row: models.Model, before: Digests) -> list[Difference]:
        """Where the typed version differs from the one of now, of what someone else changed since."""
        found = []
        for name, now in self.said(row).items():
            field, bound = self.fields[name], self[name]
            typed = self.cleaned_data.get(name, bound.data)
            shown, drawn = before.get(name, ["", ""])
            compared = versions.plain(now)
            if versions.plain(typed) != compared and shown != versions.digest(compared):
                taken = drawn == versions.digest(versions.sent(self.data, bound))
                yours = str(_("Not changed by you")) if taken else versions.in_words(field, typed)
                found.append(Difference(bound, yours, versions.in_words(field, now), taken))
        return found


class VersionedModelForm(Versioned, forms.ModelForm):
    """The same over a model: what it says are the columns that the form asks for."""

    @property
    def row(self) -> models.Model | None:
        return self.instance if self.instance.pk else None

    def said(self, row: Any) -> dict[str, Any]:
        known = {field.name: field for field in [*row._meta.concrete_fields, *row._meta.many_to_many]}
        return {
            name: known[name].value_from_object(row)
            for name in self.fields
            if name in known and name not in HIDDEN
        }


def attempt(form: forms.BaseForm, act: Callable[[], T], *, leave: tuple[type[Refused], ...] = ()) -> T | None:
    """Call a service with what a form holds.

    Args:
        form: bound when something was sent.
        act: calls the service.
        leave: refusals that the caller answers itself, such as `StaleMove` where names are not to be told.

    Returns:
        What the service gave; `None` when nothing was sent, or the form says what is wrong by now: its own
        errors, the service's refusal at its field, or both versions of a row that changed.

    Raises:
        Refused: one of `leave`.
    """
    if not form.is_bound or not form.is_valid():
        return None
    try:
        return act()
    except Refused as refused:
        if isinstance(refused, leave):
            raise
        place(form, refused.refusal)
    return None


def place(form: forms.BaseForm, refusal: Refusal) -> None:
    """Say a refusal where it belongs on a form.

    Args:
        form: bound and valid until now.
        refusal: its `field`, or `refusals` of the form by its code, name the field; else it stands above all.
    """
    form.refused = refusal  # type: ignore[attr-defined]  # any form may be refused; `refusal_of` reads it
    if refusal.code == edits.STALE and isinstance(form, Versioned) and form.row is not None:
        form.meet(type(form.row)._base_manager.get(pk=form.row.pk))
        form.add_error(None, forms.ValidationError(str(refusal.sentence), code=edits.STALE))
        return
    named = refusal.field or getattr(form, "refusals", {}).get(refusal.code, "")
    form.add_error(named if named in form.fields else None, str(refusal.sentence))
    if isinstance(form, Versioned):
        form.keep_in_sight()


def page(request: HttpRequest, template: str, form: forms.BaseForm, context: dict[str, Any]) -> HttpResponse:
    """The page of a form, as it was typed; see `answer_of` for its status."""
    return render(request, template, {"form": form, **context}, status=answer_of(form))


def answer_of(form: forms.BaseForm) -> int:
    """The status of a form's page: 409 where someone was quicker, 403 when the service refused, else 200.

    A value that the service refuses (`Refusal.field`) is a mistake to correct, like those that forms find.
    """
    conflict: Conflict | None = getattr(form, "conflict", None)
    if conflict is not None and conflict.news:
        return 409
    refused = refusal_of(form)
    return 200 if refused is None or refused.field else status_of(refused)


def refusal_of(form: forms.BaseForm) -> Refusal | None:
    """What the service refused of a whole form: for pages that show a form only while it may be sent."""
    found: Refusal | None = getattr(form, "refused", None)
    return found
