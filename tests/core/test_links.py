"""Web addresses that people give: what is kept, what is refused, what a page links to."""

import pytest
from django.core.exceptions import ValidationError

from core.links import WebFormField, clean_web_address, web_address

NAMED = (
    "https://user:pw@host.example", "user:pw@host.example", "https://bank.example@evil.example/",
    "rosa@shop.example",
)  # fmt: skip
OTHER = (
    "ftp://host.example", "ftps://host.example", "javascript:alert(1)", "javascript://host.example/%0aalert(1)",
    "mailto:rosa@shop.example",
    "file:///etc/passwd", "data:text/html,x", "https://", "https:// shop .example",
    "https://good.example\\@evil.example", "http://[", "N/A", "none",
)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        ("shop.example", "https://shop.example"),
        ("Shop.example/menu?x=1@2", "https://Shop.example/menu?x=1@2"),
        ("HTTPS://shop.example ", "https://shop.example"),
        ("Http://shop.example:8080/", "http://shop.example:8080/"),
        ("//shop.example", "https://shop.example"),
        ("\u200bhttps://shop.example\xa0", "https://shop.example"),
        ("müller.example", "https://müller.example"),
        ("", ""),
    ],
)
def test_what_is_kept_of_a_web_address(typed, kept):
    assert clean_web_address(typed) == kept
    assert WebFormField(required=False).clean(typed) == kept
    assert web_address(kept) == kept


@pytest.mark.parametrize("typed", [*NAMED, *OTHER])
def test_what_no_page_should_link_to_is_refused_and_not_linked(typed):
    with pytest.raises(ValidationError, match="web address"):
        clean_web_address(typed)
    with pytest.raises(ValidationError, match="web address"):
        WebFormField().clean(typed)
    assert web_address(typed) == ""
