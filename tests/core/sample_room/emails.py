"""A mail that has a check of its own."""

from dataclasses import dataclass

from core.mail.outbox import Mail, Wanted, declared
from core.mail.purposes import Category


@dataclass(frozen=True)
class Note:
    """Nothing that changes."""


NOTE = Mail(
    template="sample_room/note",
    name="A note",
    trigger="A test",
    audience="Nobody",
    category=Category.SERVICE,
    subject="A note",
    sample=Note,
    why="You get this because of a test.",
    wanted=Wanted("sample_room.about_something", lambda mail: bool(mail.subject_id)),
)
MAILS = declared(vars())
