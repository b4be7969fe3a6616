"""The mail of this room: `payloads`, the `mails` themselves, and who sends which, one function each."""

from .applications import (
    action_needed,
    answer_to,
    appeal_receipt,
    declined,
    receipt,
    set_aside,
    set_aside_for_officer,
    welcome,
    withdrawn_by_department,
    withdrawn_by_owner,
)
from .mails import MAILS

__all__ = [
    "MAILS",
    "action_needed",
    "answer_to",
    "appeal_receipt",
    "declined",
    "receipt",
    "set_aside",
    "set_aside_for_officer",
    "welcome",
    "withdrawn_by_department",
    "withdrawn_by_owner",
]
