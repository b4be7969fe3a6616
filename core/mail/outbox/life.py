"""A mail's life in words, from `OutgoingMail.life`."""

import json
from datetime import datetime
from typing import Any

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import clock, words
from core.mail.models import OutgoingMail
from core.mail.purposes import DAY_PAST, OUR_FAULT, Status
from core.pages.components import TimelineEntry

NO_ADDRESS = "no_address"
_WORDS: dict[str, tuple[Any, str]] = {
    "planned": (gettext_lazy("Planned"), "neutral"),
    "claimed": (gettext_lazy("Taken by a worker"), "neutral"),
    "released": (gettext_lazy("Given back untouched: the worker stopped"), "neutral"),
    "relay_down": (gettext_lazy("Waits: the mail relay can’t be used"), "warn"),
    "attempting": (gettext_lazy("Handed to the mail relay"), "info"),
    "sent": (pgettext_lazy("mail", "Accepted by the relay"), "good"),
    "later": (gettext_lazy("Put off"), "warn"),
    "failed": (gettext_lazy("Refused for good"), "bad"),
    "cancelled": (gettext_lazy("Not sent: no longer wanted"), "neutral"),
    "interrupted": (gettext_lazy("Interrupted while being handed over; queued again"), "warn"),
    "uncertain": (gettext_lazy("Uncertain: it may or may not have arrived"), "warn"),
    OUR_FAULT: (gettext_lazy("Not sent: a fault of the product"), "bad"),
    "held_back": (gettext_lazy("Not sent: mail to this address comes back"), "bad"),
    DAY_PAST: (gettext_lazy("Not sent: a day that it names is past"), "bad"),
    "resent": (gettext_lazy("Sent again as a new mail"), "info"),
    "released_by_hand": (gettext_lazy("Released to be sent"), "info"),
    "dropped": (gettext_lazy("Let rest"), "neutral"),
    "set_aside": (gettext_lazy("Seen to another way"), "info"),
    "delivered": (gettext_lazy("Delivered to the recipient’s mail server"), "good"),
    "bounced": (gettext_lazy("Came back"), "bad"),
    "complained": (gettext_lazy("Reported as spam"), "bad"),
    "unsubscribed": (gettext_lazy("The recipient asked to stop such mail"), "neutral"),
    "purged": (gettext_lazy("Text removed, its time was over"), "neutral"),
}
_ANSWERS = {
    "gone": gettext_lazy("The recipient's account is closed."),
    "stopped": gettext_lazy("The recipient chose not to get such mail."),
    "too_late": gettext_lazy("It would have come too late."),
    DAY_PAST: gettext_lazy(
        "It waited too long: it asks or promises something by a day that is past. Call the recipient."
    ),
    "interrupted": gettext_lazy("The worker stopped in the middle."),
    NO_ADDRESS: gettext_lazy("No mail server takes an address that is written like this. Ask for another."),
    "comes_back": gettext_lazy(
        "Mail to this address comes back or was reported as spam. Call the recipient, and lift this once the "
        "address works."
    ),
}


def line(what: str, answer: str = "", at: datetime | None = None) -> list[dict[str, str]]:
    """A life of one line, to begin with or to add.

    Args:
        what: a code of `_WORDS`.
        answer: the relay's words, a code of `_ANSWERS`, or who asked.
        at: when, aware; now by default.
    """
    return [{"at": (at or clock.now()).isoformat(), "what": what, "answer": answer[:400]}]


def lived(what: str, answer: str = "") -> Func:
    """Add a line to the mail's life, in the same UPDATE as the change it tells of."""
    return Func(
        F("life"),
        Value(line(what, answer), output_field=JSONField()),
        template="(%(expressions)s)",
        arg_joiner=" || ",
        output_field=JSONField(),
    )


# What the claim added goes again: nothing came of it. What is told already is not told twice; and of one
# trouble after another the first and the last stay, so that a mail that waits for days keeps a short life.
_GIVEN_BACK = """(
    SELECT CASE
        WHEN base -> -1 ->> 'what' = %s AND base -> -1 ->> 'answer' = %s THEN base
        WHEN base -> -1 ->> 'what' IN ('released', 'relay_down')
            AND base -> -2 ->> 'what' IN ('released', 'relay_down') THEN (base - -1) || %s::jsonb
        ELSE base || %s::jsonb
    END
    FROM (
        SELECT CASE life -> -1 ->> 'what'
            WHEN 'claimed' THEN life - -1
            WHEN 'attempting' THEN life - -1 - -1
            ELSE life
        END
    ) AS before_the_claim (base)
)"""


def given_back(what: str = "", answer: str = "") -> RawSQL:
    """The life of a mail as it was before it was claimed, with one line on why it came back.

    Args:
        what: `released` or `relay_down`; without one there is no line.
        answer: the relay's words.
    """
    told = line(what, answer)
    added = json.dumps(told if what else [])
    return RawSQL(_GIVEN_BACK, [what, told[0]["answer"], added, added], output_field=JSONField())  # noqa: S611  (constant; its values are parameters)


def answer_words(answer: str) -> str:
    """What a relay or we ourselves answered, in words."""
    code, _colon, error = answer.partition(": ")
    if code == OUR_FAULT:
        sentence = _("Not the address is at fault, the product is (%(error)s). Its log tells more.")
        return sentence % {"error": error}
    return str(_ANSWERS.get(answer, answer))


def entries(mail: OutgoingMail) -> list[TimelineEntry]:
    """The lines of a mail's life, oldest first, with the relay's answers; then what comes next."""
    found = []
    for each in mail.life:
        title, tone = _WORDS.get(each["what"], (each["what"], "neutral"))
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        answer = each.get("answer", "")
        detail = answer_words(answer)
        found.append(
            TimelineEntry(
                title=title,
                when=at,
                detail=" · ".join(part for part in (words.clock(at), detail) if part),
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
    for each in mail.life:
        at = timezone.localtime(datetime.fromisoformat(each["at"]))
        title = str(_WORDS.get(each["what"], (each["what"], ""))[0])
        answer = answer_words(each.get("answer", ""))
        found.append((f"{words.moment(at)}:", ". ".join(part for part in (title, answer) if part)))
    return found
