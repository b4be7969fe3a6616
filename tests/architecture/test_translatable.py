"""Every word that a template shows goes through gettext, and every language on offer is translated."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from config.local.places import BASE_DIR

TEMPLATES = sorted(path for path in (BASE_DIR / "templates").rglob("*") if path.suffix in {".html", ".txt"})
TRANSLATED = re.compile(r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL)
NOT_WORDS = re.compile(
    r"{#.*?#}|{% block width %}narrow{% endblock %}|{% block audience %}\w+{% endblock %}"
    r"|{% comment %}.*?{% endcomment %}|{%.*?%}|{{.*?}}|<!--.*?-->|<style.*?</style>",
    re.DOTALL,
)
SPOKEN_ATTRIBUTE = re.compile(r'\b(?:title|aria-label|placeholder|alt|data-label)="([A-Za-z][^"{}]*)"')


def untranslated(text: str) -> list[str]:
    """The words of a template that no translation would reach."""
    text = TRANSLATED.sub("", text)
    found = SPOKEN_ATTRIBUTE.findall(text)
    bare = re.sub(r"<[^>]*>", " ", NOT_WORDS.sub("", text))
    return found + re.findall(r"[A-Za-z]{3,}", bare)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE_DIR / "templates")))
def test_a_template_says_nothing_past_gettext(path: Path) -> None:
    assert untranslated(path.read_text()) == []


def test_words_past_gettext_would_be_found() -> None:
    assert untranslated('<p title="Late">{% translate "Fine" %} Not fine</p>') == ["Late", "Not", "fine"]


def test_no_language_is_on_offer_without_a_translation() -> None:
    for code, _name in settings.LANGUAGES:
        folder = BASE_DIR / "locale" / code / "LC_MESSAGES"
        assert code == settings.LANGUAGE_CODE or (folder / "django.po").exists(), code
