"""What is held on a person: the tools that they have."""

from typing import Any

from core.privacy import values

from .models import Loan

PART = "tools"


def held_on(user: Any) -> dict[str, Any]:
    """Loans to their address."""
    rows = Loan._base_manager.filter(email__iexact=user.email).order_by("pk")
    return {"loans": [values(row, ("title", "due_on", "status")) for row in rows]}
