"""The mails of this room."""

from dataclasses import dataclass
from datetime import date

from core.mail.outbox import Mail, declared, in_states
from core.mail.purposes import Category

from .models import Loan


@dataclass(frozen=True)
class Lent:
    """What was lent, and until when."""

    title: str
    due_on: date
    url: str


SAMPLE = Lent("Ladder", date(2026, 12, 8), "http://localhost:8000/")
WHY = "You get this because you borrowed a tool of the department."
LENT = Mail(
    template="tools/lent",
    name="A tool is lent",
    trigger="An officer lends a tool",
    audience="Who has it",
    category=Category.SERVICE,
    subject="You have a tool of ours",
    sample=lambda: SAMPLE,
    why=WHY,
    wanted=in_states(Loan, "lent"),
)
DUE = Mail(
    template="tools/due",
    name="A tool is due",
    trigger="The day before it is due",
    audience="Who has it",
    category=Category.REMINDER,
    subject="Please bring the tool back",
    sample=lambda: SAMPLE,
    why=WHY,
)
MAILS = declared(vars())
