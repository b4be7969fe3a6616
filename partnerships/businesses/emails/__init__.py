"""The mail of this room, one function each: `payloads`, the `mails` themselves, and who sends which."""

from .claims import claim_refused, claim_reopened, claim_verified
from .invitations import invitation
from .mails import MAILS

__all__ = ["MAILS", "claim_refused", "claim_reopened", "claim_verified", "invitation"]
