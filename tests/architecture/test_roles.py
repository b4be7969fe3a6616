"""A role is spelled out in `core/roles.py` alone: everything else asks it, or a property of the user."""

import ast
import re
from collections.abc import Iterator

import pytest

from config.local.places import BASE_DIR
from core.roles import Role

ROLE = "|".join(Role.values)
IN_SQL = re.compile(rf"'({ROLE})'")
IN_TEMPLATE = re.compile(rf"[\"'](?:{ROLE})[\"']\s*(?:[!=]=|in\b)|[!=]=\s*[\"'](?:{ROLE})[\"']")
# The same letters with another meaning, by file: what they mean there.
OTHERWISE = {
    ("accounts/middleware.py", "admin"): "the addresses under /admin/",
    ("config/access.py", "admin"): "the name of Django's app",
    ("partnerships/businesses/columns.py", "officer"): "a column of a list",
    ("partnerships/businesses/services/claims.py", "officer"): "how a claim was verified",
    ("partnerships/vetting/views_portal.py", "officer"): "a variable of a template",
}


def sources() -> Iterator[tuple[str, ast.Module]]:
    """The product's Python files, without tests and migrations."""
    for path in sorted(BASE_DIR.rglob("*.py")):
        name = path.relative_to(BASE_DIR).as_posix()
        if not re.match(r"(\.venv|var|tests|node_modules)/|.*/migrations/|core/roles\.py$", name):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def spelled_out(tree: ast.Module) -> list[str]:
    """The roles a file spells out; words for people and the values of other choices are none."""
    passed: set[int] = set()
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id.startswith(("_", "gettext"))
        ):
            passed |= {id(each) for each in node.args}
        if isinstance(node, ast.ClassDef) and any(
            ast.unparse(base).endswith("TextChoices") for base in node.bases
        ):
            passed |= {id(each) for each in ast.walk(node)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in passed
        and (node.value in Role.values or IN_SQL.search(node.value))
    ]


def test_no_other_file_spells_a_role_out() -> None:
    found = {(name, literal) for name, tree in sources() for literal in spelled_out(tree)}
    assert not found - set(OTHERWISE), "Ask core.roles: Role, its sets, role_of and the guards."
    assert not set(OTHERWISE) - found, "Nothing is exempt any more here."


@pytest.mark.parametrize(
    "source",
    [
        'user.role == "officer"',
        'getattr(user, "role", "") != "member"',
        'role in {"officer", "supervisor"}',
        'User.objects.filter(role__in=["supervisor"])',
        'WHO = ("admin",)',
        'allowed: dict[str, bool] = {"viewer": True}',
        """cursor.execute("SELECT 1 FROM accounts_user WHERE role = 'officer'")""",
    ],
)
def test_a_role_spelled_out_would_be_found(source: str) -> None:
    assert spelled_out(ast.parse(source))


def test_words_and_other_choices_are_no_roles() -> None:
    source = (
        'class Reason(models.TextChoices):\n    OFFICER = "officer", _("an officer")\nname = _("officer")'
    )
    assert not spelled_out(ast.parse(source))


def test_templates_ask_properties_of_the_user() -> None:
    compared = [
        path.relative_to(BASE_DIR).as_posix()
        for path in sorted((BASE_DIR / "templates").rglob("*.html"))
        if IN_TEMPLATE.search(path.read_text(encoding="utf-8"))
    ]
    assert not compared


def test_a_role_compared_in_a_template_would_be_found() -> None:
    assert IN_TEMPLATE.search('{% if user.role == "admin" %}')
    assert IN_TEMPLATE.search('{% if "admin" in roles %}')
