"""What takes `by` asks nobody, so only services, effects and the kernel call it; see decision 0079."""

import ast

from config.local.places import BASE_DIR

FOLDERS = ("core", "accounts", "partnerships", "events")
# Services, what follows from a move, and the record of mail in the kernel, which other services write with.
MAY = ("/services.py", "/services/", "/effects.py", "/effects/")
KERNEL = (
    "core/mail/consents.py",
    "core/mail/wording.py",
    "core/mail/reminders/sources.py",
    "core/mail/reader/preferences.py",
)


def notes_who(source: str) -> list[int]:
    """The lines of a module on which something is called that notes who caused it, and asks nobody."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and any(each.arg == "by" for each in node.keywords)
    ]


def test_only_services_and_effects_call_what_asks_nobody():
    paths = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("*.py")]
    assert len(paths) > 300
    found = {str(path.relative_to(BASE_DIR)): notes_who(path.read_text()) for path in paths}
    callers = {name for name, lines in found.items() if lines}
    allowed = {name for name in callers if any(each in name for each in MAY)}
    assert len(allowed) > 5
    assert callers - allowed == set(KERNEL)


def test_a_view_that_writes_down_who_without_asking_would_be_found():
    assert notes_who("form.save(\n    by=request.user)\nservices.keep(actor=request.user)") == [1]
