"""What is passed over because it was seen: the same page on another day, and nothing else."""

import pytest

from tests.gates import seen
from tests.gates.seen import Seen

PAGE = (
    '<input name="csrfmiddlewaretoken" value="{token}"><p>Due {day}, order {number}</p>'
    '<a href="/preferences/{long}/">{word}</a>'
)


def page(**more):
    given = {"token": "abc", "day": "Monday, Nov. 23", "number": 7, "long": "k" * 40, "word": "Choices"}
    return PAGE.format(**{**given, **more})


@pytest.fixture
def memory(tmp_path, monkeypatch):
    monkeypatch.setattr(seen, "FOLDER", tmp_path)
    monkeypatch.setattr(seen, "FULL", False)
    return lambda *rules: Seen("pages", *rules)


def test_the_same_page_another_day_is_known(memory):
    one = memory()
    one.note(one.key(page()))
    again = memory()
    for more in ({"token": "xyz"}, {"day": "Friday, June 5"}, {"number": 1204}, {"long": "z9" * 20}):
        assert again.passes_over(again.key(page(**more)), "any"), more


def test_another_word_another_width_another_rule_are_new(memory, tmp_path):
    one = memory()
    one.note(one.key(page(), 320))
    again = memory()
    assert not again.passes_over(again.key(page(word="Choice"), 320), "any")
    assert not again.passes_over(again.key(page(), 1280), "any")
    rule = tmp_path / "rule.py"
    rule.write_text("strict")
    stricter = memory(rule)
    assert not stricter.passes_over(stricter.key(page(), 320), "any")


def test_another_style_sheet_makes_everything_new(memory, monkeypatch):
    one = memory()
    one.note(one.key(page()))
    again = memory()
    assert again.passes_over(again.key(page()), "any")
    monkeypatch.setattr(seen, "looks", lambda: "another")
    assert not again.passes_over(again.key(page()), "any")


def test_a_machine_that_has_seen_nothing_looks_at_a_third(memory):
    one = memory()
    names = [f"page {number}" for number in range(300)]
    looked = [name for name in names if not one.passes_over(one.key(name), name)]
    assert 60 < len(looked) < 140
    for name in looked:
        one.note(one.key(name))
    later = memory()
    assert not later.passes_over(later.key("new words"), "page 1")


def test_the_whole_gate_passes_nothing_over(memory, monkeypatch):
    one = memory()
    one.note(one.key(page()))
    monkeypatch.setattr(seen, "FULL", True)
    assert not one.passes_over(one.key(page()), "any")
