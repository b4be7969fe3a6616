"""A module of views is known to the addresses alone: what two of them share stands in `pages.py`."""

import ast

from config.local.places import BASE_DIR

FOLDERS = ("core", "accounts", "partnerships", "events")


def views_named(source: str) -> list[str]:
    """The modules of views that a module imports, or imports from. Django's own don't count."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and not (node.module or "").startswith("django"):
            found += [node.module or "", *(each.name for each in node.names)]
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names if not each.name.startswith("django")]
    last = [name.rpartition(".")[2] for name in found]
    return [name for name in last if name == "views" or name.startswith("views_")]


def test_only_addresses_import_views():
    paths = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("*.py")]
    assert len(paths) > 300
    known = {str(path.relative_to(BASE_DIR)): views_named(path.read_text()) for path in paths}
    assert sum(bool(found) for found in known.values()) > 5
    elsewhere = {name: found for name, found in known.items() if found and not name_of_addresses(name)}
    assert elsewhere == {}


def name_of_addresses(name: str) -> bool:
    """Whether a path is that of a module of addresses."""
    return name.rpartition("/")[2].startswith(("urls", "addresses"))


def test_views_that_lean_on_views_would_be_found():
    source = (
        "from .views_desk import find\nfrom . import views\nimport events.views_public\n"
        "from django.contrib.auth.views import LoginView"
    )
    assert views_named(source) == ["views_desk", "views", "views_public"]
