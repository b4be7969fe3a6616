"""Who does something has a type: a service that is handed the wrong thing is found before it runs."""

import ast

from config.local.places import BASE_DIR

FOLDERS = ("core", "accounts", "partnerships", "events")
WHO = {"actor", "by"}
# Here `user` is someone that a service writes down as well.
SERVICES = ("/services.py", "/services/")
# The import of files takes anything still; nothing else may join it.
UNTYPED = {
    "partnerships/businesses/imports/areas.py",
    "partnerships/businesses/imports/businesses.py",
    "partnerships/businesses/jobs.py",
}


def untyped(source: str, names: set[str]) -> list[int]:
    """The lines on which a parameter of one of these names may be anything."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            if each.arg in names and each.annotation is not None and "Any" in ast.unparse(each.annotation):
                found.append(each.lineno)
    return found


def test_who_does_something_is_never_just_anything():
    paths = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("*.py")]
    assert len(paths) > 300
    found = set()
    for path in paths:
        name = str(path.relative_to(BASE_DIR))
        names = WHO | {"user"} if any(each in name for each in SERVICES) else WHO
        if untyped(path.read_text(), names):
            found.add(name)
    assert found == UNTYPED


def test_a_service_that_takes_anyone_would_be_found():
    source = (
        "def a(*, actor: Any): ...\ndef b(actor: Actor, by: Any = 0): ...\ndef c(*, user: Any | None): ..."
    )
    assert untyped(source, {"actor", "by", "user"}) == [1, 2, 3]
    assert untyped(source, {"actor", "by"}) == [1, 2]
