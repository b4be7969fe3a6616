"""Desk writers lend tools to the businesses they see."""

from typing import Any

from core.access import Guard, Refusal, out_of_scope
from core.roles import write_desk


def lend_tool(user: Any, to: Any = None) -> Refusal | None:
    """To a business, or about a loan, that they see."""
    return write_desk(user) or out_of_scope(user, to)


PERMISSIONS: dict[str, Guard] = {"tools.lend_tool": lend_tool}
