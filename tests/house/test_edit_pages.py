"""Gate 16: on every page that changes a row, nobody is overwritten unseen and nothing typed is lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django import forms
from django.db import models, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import get_resolver

from core import clock
from core.models import Changed
from core.pages import versions
from core.pages.edit import Versioned
from partnerships.vetting.forms import AnswerForm
from partnerships.vetting.judgement import note_of
from partnerships.vetting.models import ActionRequest
from tests.access.conftest import world
from tests.access.offered import merged, offered
from tests.access.urls import every_url, sample_path
from tests.access.world import World, arguments
from tests.markup import untouched

__all__ = ["world"]
pytestmark = [pytest.mark.django_db, pytest.mark.gate(16)]

# Every page with a form over a row, with who opens it; the walk below fails when a room's world lacks one.
PAGES: dict[str, str] = merged("world", "EDITS")
MORE_STEPS = [step for steps in offered("world", "MORE_STEPS") for step in steps]
CASES = [*((name, "") for name in PAGES), *MORE_STEPS]
# Whose names a page does not tell: an owner's application may have been touched by any officer.
# A review is the reviewer's own: it was them in another window.
NAMELESS = {"portal:person_edit", "desk:review", *(name for name in PAGES if "application" in name)}


@dataclass
class Page:
    """An edit page in a browser of someone who may open it."""

    browser: Client
    path: str
    name: str

    def form(self) -> Versioned:
        answer = self.browser.get(self.path)
        assert answer.status_code == 200
        return shown(answer)

    def post(self, typed: dict[str, Any]) -> Any:
        return self.browser.post(self.path, typed)


def forms_of(answer: Any) -> Iterator[forms.BaseForm]:
    for each in answer.context or []:
        yield from (value for value in each.flatten().values() if isinstance(value, forms.BaseForm))


def shown(answer: Any) -> Versioned:
    return next(form for form in forms_of(answer) if isinstance(form, Versioned))


def sent(form: forms.BaseForm) -> dict[str, Any]:
    """What a browser sends when nothing was typed."""
    found: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if isinstance(field, forms.FileField) or value in (None, False):
            continue
        if isinstance(value, list | tuple):
            found[name] = [str(each) for each in value]
        elif value is True:
            found[name] = "on"
        else:
            drawn = field.widget.format_value(value)
            found[name] = drawn[0] if isinstance(drawn, list) else drawn or ""
    return found


def fields_of(form: Versioned) -> list[str]:
    """The fields of texts in which two people could disagree."""
    wanted = ("name", "title", "full_name", "hopes", "offers", "text")
    found = [name for name in wanted if name in form.fields]
    return found or [name for name in form.fields if name.startswith(("answer:", "note-"))]


def someone_else(form: Versioned, field: str, words: str) -> None:
    """Another person writes the same field, and is noted for it."""
    row = form.row
    if isinstance(form, AnswerForm) or field.startswith("answer:"):
        code = form.criterion.code if isinstance(form, AnswerForm) else field.removeprefix("answer:")
        row.answers.filter(criterion__code=code).update(text=words)
        return
    if field.startswith("note-"):
        criterion = next(each for each in form.criteria if field == note_of(each.code))
        row.scores.update_or_create(criterion=criterion, defaults={"note": words})
        return
    stamps = {"updated_at": clock.now(), "updated_by_name": "Pat Quick"} if isinstance(row, Changed) else {}
    type(row)._base_manager.filter(pk=row.pk).update(**{field: words}, **stamps)


def now(form: Versioned, field: str) -> Any:
    row = type(form.row)._base_manager.get(pk=form.row.pk)
    return form.said(row)[field]


@pytest.fixture(params=CASES, ids=lambda case: " ".join(case).strip())
def place(request: pytest.FixtureRequest, world: World) -> Iterator[Page]:
    name, step = request.param
    given = arguments(name, world)
    pattern = dict(every_url(get_resolver()))[name]
    path = sample_path(name, pattern, {**given, "step": step} if step else given)
    with transaction.atomic():
        if name.endswith("application_answer"):
            ActionRequest.objects.filter(application=given["pk"]).update(fields=["offers"])
        yield Page(world.client(PAGES[name]), path, name)
        transaction.set_rollback(True)


@dataclass
class Clash:
    """What someone typed into a page whose row another person changed meanwhile."""

    page: Page
    form: Versioned
    field: str
    old: dict[str, Any]
    mine: Any
    theirs: Any

    @property
    def typed(self) -> dict[str, Any]:
        return {**self.old, self.field: self.mine}

    def saved(self) -> Any:
        return now(self.form, self.field)


@pytest.fixture
def clash(place: Page) -> Clash:
    form = place.form()
    if place.name == "portal:person_edit":
        rows = type(form.row)._base_manager.filter(pk=form.row.pk)
        rows.update(role="owner")
        old = sent(place.form())
        rows.update(role="staff")
        return Clash(place, form, "role", old, "owner", "staff")
    field = fields_of(form)[0]
    old = sent(form)
    someone_else(form, field, "Their words")
    return Clash(place, form, field, old, "My own words", "Their words")


def test_a_page_knows_what_a_browser_sends_where_nothing_was_touched(place: Page) -> None:
    answer = place.browser.get(place.path)
    form, sent_back = shown(answer), QueryDict(mutable=True)
    for name, value in untouched(answer.content.decode()):
        sent_back.appendlist(name, value)
    said = form.said(form.row)
    assert said
    assert {name: versions.sent(sent_back, form[name]) for name in said} == {
        name: versions.drawn(form[name], value) for name, value in said.items()
    }


def two_sided(clash: Clash) -> None:
    if clash.field == "role":
        pytest.skip("a role has two values: one of two people has not touched it")


def test_a_field_that_was_not_touched_takes_what_someone_else_wrote(clash: Clash) -> None:
    warned = shown(clash.page.post(clash.old))
    (difference,) = [each for each in warned.conflict.differences if each.field.name == clash.field]
    assert difference.taken
    assert warned[clash.field].value() == clash.theirs
    assert clash.page.post(sent(warned)).status_code == 302
    assert clash.saved() == clash.theirs, "saving once more undoes nothing that someone else did"


def test_both_versions_stay_in_sight_while_something_else_is_corrected(clash: Clash) -> None:
    warned = shown(clash.page.post(clash.typed))
    required = next((name for name in fields_of(clash.form) if clash.form.fields[name].required), "")
    if not required:
        pytest.skip("nothing on this page is required")
    wrong = clash.page.post({**clash.typed, required: "", "version": warned["version"].value()})
    assert wrong.status_code == 200
    assert clash.field in [each.field.name for each in shown(wrong).conflict.differences]
    assert "Where the two versions differ" in wrong.content.decode()


def test_both_versions_are_shown_field_by_field_with_who_was_quicker(clash: Clash) -> None:
    two_sided(clash)
    answer = clash.page.post(clash.typed)
    assert answer.status_code == 409
    form = shown(answer)
    (difference,) = [each for each in form.conflict.differences if each.field.name == clash.field]
    body = answer.content.decode()
    assert (difference.yours, difference.now) == ("My own words", "Their words")
    assert "Where the two versions differ" in body
    assert difference.yours in body
    assert difference.now in body
    assert form[clash.field].value() == clash.mine, "what was typed is kept"
    assert ("Pat Quick" in body) == (clash.page.name not in NAMELESS)
    assert ("Someone else saved first" in body) == (clash.page.name not in NAMELESS)
    assert clash.saved() == clash.theirs


def test_saving_once_more_replaces_their_version(clash: Clash) -> None:
    two_sided(clash)
    warned = shown(clash.page.post(clash.typed))
    again = clash.page.post({**clash.typed, "version": warned["version"].value()})
    assert again.status_code == 302, shown(again).errors
    assert clash.saved() == clash.mine


def test_theirs_is_taken_field_by_field_where_it_is_ticked(clash: Clash) -> None:
    two_sided(clash)
    answer = clash.page.post(clash.typed)
    warned = shown(answer)
    assert f'name="theirs" value="{clash.field}"' in answer.content.decode()
    again = clash.page.post(
        {**clash.typed, "version": warned["version"].value(), "theirs": [clash.field, "no such field"]}
    )
    assert again.status_code == 302, shown(again).errors
    assert clash.saved() == clash.theirs


def test_theirs_is_not_taken_unseen_when_it_has_changed_since(clash: Clash) -> None:
    two_sided(clash)
    warned = shown(clash.page.post(clash.typed))
    someone_else(warned, clash.field, "A third version")
    again = clash.page.post({**clash.typed, "version": warned["version"].value(), "theirs": [clash.field]})
    assert again.status_code == 409
    assert shown(again)[clash.field].value() == clash.mine


def test_a_reload_and_going_back_overwrite_nothing_and_lose_nothing(clash: Clash) -> None:
    two_sided(clash)
    assert clash.page.post(clash.typed).status_code == 409
    reloaded = clash.page.post(clash.typed)
    assert reloaded.status_code == 409
    assert shown(reloaded)[clash.field].value() == clash.mine
    back = clash.page.post({**clash.old, clash.field: "Other words, after Back"})
    assert back.status_code == 409
    assert shown(back)[clash.field].value() == "Other words, after Back"
    assert clash.saved() == clash.theirs


def test_a_third_version_between_the_warning_and_the_second_save_is_shown_as_well(clash: Clash) -> None:
    two_sided(clash)
    warned = shown(clash.page.post(clash.typed))
    someone_else(warned, clash.field, "A third version")
    again = clash.page.post({**clash.typed, "version": warned["version"].value()})
    assert again.status_code == 409
    assert "A third version" in again.content.decode()
    assert clash.saved() == "A third version"


def test_an_answer_with_other_errors_carries_the_version_that_was_shown(place: Page) -> None:
    form = place.form()
    field = next((name for name in fields_of(form) if form.fields[name].required), "")
    if not field:
        pytest.skip("nothing on this page is required")
    old = sent(form)
    wrong = place.post({**old, field: ""})
    assert wrong.status_code == 200
    assert shown(wrong)["version"].value() == old["version"]
    someone_else(form, field, "Their words")
    late = place.post({**sent(shown(wrong)), "version": old["version"], field: "My own words"})
    assert late.status_code == 409
    assert now(form, field) == "Their words"


def test_what_someone_changed_beside_the_form_stands_in_nobodys_way(place: Page) -> None:
    form = place.form()
    if not isinstance(form.row, Changed):
        pytest.skip("no stamp")
    old = sent(form)
    type(form.row)._base_manager.filter(pk=form.row.pk).update(
        updated_at=clock.now(), updated_by_name="Pat Quick"
    )
    field = fields_of(form)[0]
    assert place.post({**old, field: "My own words"}).status_code == 302


def test_every_page_with_a_form_over_a_row_is_one_of_these(world: World) -> None:
    """A form over a row that carries no version could overwrite unseen; a new page takes part in this."""
    found: dict[str, set[str]] = {}
    bare: set[str] = set()
    for name, pattern in every_url(get_resolver()):
        if name.startswith("admin:"):
            continue
        path = sample_path(name, pattern, arguments(name, world))
        for role in ("owner", "officer"):
            with transaction.atomic():
                answer = world.client(role).get(path)
                transaction.set_rollback(True)
            for form in forms_of(answer):
                row = getattr(form, "instance", None)
                if isinstance(form, Versioned) and form.row is not None:
                    found.setdefault(name, set()).add(role)
                elif isinstance(row, models.Model) and row.pk:
                    bare.add(name)
    assert not bare
    assert set(found) == set(PAGES)
