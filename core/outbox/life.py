"""A mail's life in words, from `OutgoingMail.life`."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_words
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core.components import TimelineEntry
from core.models.mail import OutgoingMail, Status

_WORDS: dict[str, tuple[Any, str]] = {
    "planned": (gettext_lazy("Planned"), "neutral"),
    "claimed": (gettext_lazy("Taken by a worker"), "neutral"),
    "released": (gettext_lazy("Given back untouched"), "neutral"),
    "attempting": (gettext_lazy("Handed to the mail relay"), "info"),
    "sent": (pgettext_lazy("mail", "Accepted by the relay"), "good"),
    "later": (gettext_lazy("Put off"), "warn"),
    "failed": (gettext_lazy("Refused for good"), "bad"),
    "cancelled": (gettext_lazy("Not sent: no longer wanted"), "neutral"),
    "interrupted": (gettext_lazy("Interrupted while being handed over; queued again"), "warn"),
    "uncertain": (gettext_lazy("Uncertain: it may or may not have arrived"), "warn"),
    "retried": (gettext_lazy("Sent again by hand"), "info"),
}
_ANSWERS = {
    "gone": gettext_lazy("The recipient's account is closed."),
    "stopped": gettext_lazy("The recipient chose not to get such mail."),
    "too_late": gettext_lazy("It would have come too late."),
    "interrupted": gettext_lazy("The worker stopped in the middle."),
}


def entries(mail: OutgoingMail) -> list[TimelineEntry]:
    """The lines of a mail's life, oldest first, with the relay's answers; then what comes next."""
    found = []
    for line in mail.life:
        title, tone = _WORDS.get(line["what"], (line["what"], "neutral"))
        at = timezone.localtime(datetime.fromisoformat(line["at"]))
        answer = line.get("answer", "")
        detail = str(_ANSWERS.get(answer, answer))
        found.append(
            TimelineEntry(
                title=title,
                when=at,
                detail=" · ".join(part for part in (date_words(at, "g:i a"), detail) if part),
                tone=tone,
            )
        )
    if mail.status == Status.WAITING:
        text = _("Next try") if mail.attempts else _("To be sent")
        found.append(TimelineEntry(title=text, when=timezone.localtime(mail.due_at), state="todo"))
    return found


def lines(mail: OutgoingMail) -> list[tuple[str, str]]:
    """The same for plain pages: moment, words with the relay's answer."""
    found = []
    for line in mail.life:
        at = timezone.localtime(datetime.fromisoformat(line["at"]))
        title = str(_WORDS.get(line["what"], (line["what"], ""))[0])
        answer = str(_ANSWERS.get(line.get("answer", ""), line.get("answer", "")))
        found.append(
            (f"{date_words(at, 'N j, Y, g:i a')}:", ". ".join(part for part in (title, answer) if part))
        )
    return found
