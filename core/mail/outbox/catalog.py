"""Every mail the product can send: what causes it, who gets it, and a sample of what it says."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.module_loading import import_string

from config import rooms
from core.mail.purposes import Category, Purpose, purpose_of


@dataclass(frozen=True, kw_only=True)
class MailKind:
    """One kind of mail. Each room lists its own as `MAILS`; config/rooms.py names the lists.

    Args:
        template: `<room>/<name>` under `templates/emails/`; also its name in the catalog.
        name: a few words, for the admin.
        trigger: what causes it, in words.
        audience: who gets it, in words.
        category: as it is queued.
        subject: a sample of the subject line.
        sample: makes a payload that fills every part of the template, with invented names.
        why: the sentence that tells the reader why they get it.
        any_category: queued in any: the test mail alone, with which each can be tried.
        duty: it goes to those who work at the department, about what waits for them. See decision 12.
    """

    template: str
    name: Any
    trigger: Any
    audience: Any
    category: Category
    subject: Any
    sample: Callable[[], Any]
    why: Any
    any_category: bool = False
    duty: bool = False

    @property
    def purpose(self) -> Purpose:
        """What people choose by."""
        return purpose_of(self.category, duty=self.duty)


@cache
def catalog() -> dict[str, MailKind]:
    """Every kind of mail of every room, by template. That none is there twice, a system check holds."""
    return {each.template: each for path in rooms.MAILS for each in import_string(path)}
