"""Lend, and take back."""

from datetime import date
from typing import Any

from django.db import transaction

from core import audit
from core.access import check
from core.links import absolute
from core.mail.outbox import Reader
from partnerships.businesses.models import Business

from .emails import LENT, Lent
from .models import Loan
from .workflow import LOAN


@transaction.atomic
def lend(*, business: Business, title: str, email: str, due_on: date, actor: Any) -> Loan:
    """Lend a tool, and write to who has it."""
    check(actor, "tools.lend_tool", business)
    row = Loan(business=business, title=title, email=email, due_on=due_on)
    row.stamp(actor)
    row.save()
    audit.record("tools.lent", row, actor=actor, changed=["title", "due_on"])
    LENT.send(
        to=Reader(email, email),
        about=row,
        payload=lambda: Lent(title, due_on, absolute("public:home")),
        organization_id=business.organization_id,
    )
    return row


def bring_back(*, loan: Loan, actor: Any) -> Loan:
    """The tool is here again."""
    check(actor, "tools.lend_tool", loan)
    return LOAN.move(loan, "bring_back", actor=actor)
