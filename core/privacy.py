"""The kernel's part of a person's privacy export: mail, choices about it, and what the audit names."""

from typing import Any


def held_on(user: Any) -> dict[str, Any]:
    """What is held on a person, as JSON values."""
    return {}
