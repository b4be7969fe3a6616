"""The statements of the public site say when they were last reviewed, and mean the words that stand there."""

import hashlib
from datetime import date

import pytest
from django.conf import settings
from django.urls import reverse

from core.words import day
from partnerships.overview.views_public import REVIEWED

pytestmark = pytest.mark.django_db
# The words that were reviewed on that day. Other words are reviewed anew: change both.
WORDS = {
    "accessibility": (date(2026, 11, 27), "6d769b7ae249"),
    "privacy": (date(2026, 11, 27), "53284e0b414d"),
}


@pytest.mark.parametrize("name", WORDS)
def test_a_statement_says_when_it_was_reviewed(client, name):
    page = " ".join(client.get(reverse(f"public:{name}")).content.decode().split())
    assert "This statement was last reviewed on <time" in page
    assert day(REVIEWED[name]) in page


@pytest.mark.parametrize("name", WORDS)
def test_the_day_is_that_of_the_words(name):
    source = (settings.BASE_DIR / "templates" / "overview" / f"{name}.html").read_bytes()
    assert (REVIEWED[name], hashlib.sha256(source).hexdigest()[:12]) == WORDS[name]
