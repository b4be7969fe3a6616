"""What is left of a name: what shows nothing goes, what shapes a name stays."""

import pytest
from django.core.exceptions import ValidationError

from core import names

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana Ortiz", "Ana Ortiz"),
        ("Ana Ortiz ", "Ana Ortiz"),  # an iPhone's keyboard ends a suggestion with a space
        ("ANA ORTIZ", "ANA ORTIZ"),
        ("Ana\xa0 Ortiz\xa0", "Ana Ortiz"),
        ("Ana\r\n\tOrtiz\u2028", "Ana Ortiz"),
        ("\ufeffAna\u00ad Ort\u200biz\u2060", "Ana Ortiz"),
        ("Ana\u202e zitrO\u202c \u2066x\u2069\u200f\u200e", "Ana zitrO x"),
        ("Jose\u0301 Nu\u0301n\u0303ez", "José Núñez"),
        # Persian: "I want", "houses"; a joiner typed twice is one
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("خانه\u200c\u200cها", "خانه\u200cها"),
        # Devanagari, Sinhala and Malayalam shape conjuncts with them
        ("क्\u200dष", "क्\u200dष"),
        ("ශ්\u200dරී ලංකා", "ශ්\u200dරී ලංකා"),
        ("അവന്\u200dറെ", "അവന്\u200dറെ"),
        (f"{FAMILY} Day Care", f"{FAMILY} Day Care"),
        ("Rainbow \U0001f3f3\ufe0f\u200d\U0001f308 Books", "Rainbow \U0001f3f3\ufe0f\u200d\U0001f308 Books"),
        # Nothing on one side, or Latin on both: it shapes nothing
        ("\u200dAna\u200c", "Ana"),
        ("می\u200c خواهم\u200d", "می خواهم"),
        ("Hal\u200dden É\u200ctoile", "Halden Étoile"),
        ("7", "7"),
        ("東京", "東京"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_name(typed, kept):
    assert names.clean_name(typed) == kept
    assert names.clean_name(kept) == kept


@pytest.mark.parametrize(
    "typed",
    ["\u200b\u200b", "\u200d\u200c", "\u202e\u200b ", "\u3164", "\u115f\u1160", "\u2800", "\u00ad", "\u0301",
     "***", "-", "🦊", FAMILY, " \xa0"],
)  # fmt: skip
def test_a_name_needs_a_letter_or_a_digit_that_can_be_seen(typed):
    with pytest.raises(ValidationError, match="letter or digit"):
        names.clean_name(typed)


def test_what_a_name_grows_to_counts_against_its_length():
    grows = "\u0958" * 6  # two signs each in NFC
    field = names.NameFormField(max_length=10)
    with pytest.raises(ValidationError, match="at most 10 characters"):
        field.clean(grows)
    assert len(field.clean(grows[:5])) == 10
