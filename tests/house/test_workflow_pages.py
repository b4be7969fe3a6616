"""docs/workflows/*.md are made from the tables of moves, so that they can't tell another story."""

import pytest
from django.conf import settings

from events.workflow import EVENT, REGISTRATION
from partnerships.businesses.workflow import CLAIM, STANDING
from partnerships.vetting.workflow import APPLICATION, CONDITION

PAGES = settings.BASE_DIR / "docs" / "workflows"
TABLES = {
    "application": APPLICATION,
    "condition": CONDITION,
    "standing": STANDING,
    "claim": CLAIM,
    "event": EVENT,
    "registration": REGISTRATION,
}
TOLD = {name: workflow for name, workflow in TABLES.items() if workflow.told}


def first_sentence(function):
    return " ".join((function.__doc__ or "").strip().split("\n\n")[0].split()) if function else "–"


def words(state):
    return state.replace("_", " ")


def moves(workflow):
    lines = ["| move | from | to | guard | effect |", "| --- | --- | --- | --- | --- |"]
    for move in workflow.moves:
        sources = ", ".join(words(each) for each in move.sources)
        guard, effect = first_sentence(move.guard), first_sentence(move.effect)
        lines.append(
            f"| {move.label or words(move.name)} | {sources} | {words(move.target)} | {guard} | {effect} |"
        )
    return "\n".join(lines)


def told(workflow):
    lines = ["| state | what the owner is told |", "| --- | --- |"]
    lines += [f"| {words(state)} | {sentence} |" for state, sentence in workflow.told.items()]
    return "\n".join(lines)


@pytest.mark.parametrize("name", TABLES)
def test_the_page_holds_the_moves_as_they_are_in_the_code(name):
    page = PAGES / f"{name}.md"
    assert moves(TABLES[name]) in page.read_text(), f"Put this into {page.name}:\n\n{moves(TABLES[name])}"


@pytest.mark.parametrize("name", TOLD)
def test_the_page_holds_what_the_owner_is_told_in_each_state(name):
    page = PAGES / f"{name}.md"
    assert told(TOLD[name]) in page.read_text(), f"Put this into {page.name}:\n\n{told(TOLD[name])}"
