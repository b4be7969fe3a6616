"""A view hands a form and its service to `core.pages.edit`: what the service refuses loses nothing typed.

Who asks `is_valid()` and calls the service by hand answers a refusal with a page that has forgotten the form.
"""

import ast

from config.local.places import BASE_DIR

FOLDERS = ("core", "accounts", "partnerships", "events")
# Views that ask a form something first and then hand it to `edit.attempt` as well, with what they ask.
ASK_FIRST = {
    "partnerships/vetting/views_portal.py: add": "which places look alike, before anything is added",
}


def read_by_hand(source: str) -> list[str]:
    """The functions of a module in which a form is asked whether it is valid."""
    return [
        function.name
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        and any(isinstance(node, ast.Attribute) and node.attr == "is_valid" for node in ast.walk(function))
    ]


def test_no_view_reads_a_form_by_hand():
    paths = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("views*.py")]
    assert len(paths) > 15
    found = {
        f"{path.relative_to(BASE_DIR)}: {name}" for path in paths for name in read_by_hand(path.read_text())
    }
    assert found == set(ASK_FIRST)


def test_a_form_that_is_read_by_hand_would_be_found():
    source = (
        "def kept(form):\n    return edit.attempt(form, services.keep)\n"
        "def lost(form):\n    if form.is_valid():\n        services.keep(**form.cleaned_data)\n"
    )
    assert read_by_hand(source) == ["lost"]
