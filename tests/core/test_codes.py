"""A code is read out of whatever was pasted."""

import pytest

from core.codes import find

NBSP, HYPHEN, EN_DASH = "\xa0", "\u2011", "\u2013"
PASTED = (
    "1234-5678", "12345678", " 1234 5678 ", f"1234{NBSP}5678{NBSP}", f"1234{HYPHEN}5678",
    f"1234{EN_DASH}5678",
    f"1234 {EN_DASH} 5678", "1234\u20145678", "1234\u00ad5678",
    "\u202a1234-5678\u202c", "\ufeff1234-5678\r\n",
    "Your code is 1234-5678", "Your code is 1234-5678. It works for 15 minutes.", "1234-5678 (15 minutes)",
    "Nov 27, 2026: your code is 1234\u20115678.", "\uff11\uff12\uff13\uff14-\uff15\uff16\uff17\uff18",
    "١٢٣٤-٥٦٧٨", "“1234-5678”", "1-2-3-4-5-6-7-8", "code:1234_5678",
)  # fmt: skip


@pytest.mark.parametrize("typed", PASTED)
def test_a_code_of_eight_digits_is_found(typed):
    assert find(typed, 8) == "12345678"
    assert find(typed, 6, 8) == "12345678"


@pytest.mark.parametrize(
    "typed", ["123456", "123 456", f"123{NBSP}456", "Your code is 123456.",
     f"Code: 123{EN_DASH}456 for 15 minutes"]
)  # fmt: skip
def test_a_code_of_six_digits_is_found(typed):
    assert find(typed, 6) == find(typed, 6, 8) == "123456"


@pytest.mark.parametrize(
    ("typed", "left"),
    [("", ""), ("- -", ""), ("1234-567", "1234567"), ("1234-56789", "123456789"), ("abcd-efgh", "abcdefgh"),
     ("1234 or 5678 9", "1234or56789")],
)  # fmt: skip
def test_what_holds_no_code_is_not_made_one(typed, left):
    assert find(typed, 8) == left
