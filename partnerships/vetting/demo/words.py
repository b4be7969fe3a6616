"""What the invented owners and officers of the demonstration wrote. It is data, and so not translated."""

import csv
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

HOPES = (
    "Training for my night staff, and someone to call who knows our street.",
    "A look at our lights and locks, and tips for when someone gets loud at the counter.",
    "To meet the officers of our beat before something happens.",
)
OFFERS = (
    "Our back room after six, and two people for an hour a month.",
    "A wall for posters by the door and help with flyers.",
    "Coffee and chairs for a meeting, and we know most people on the block.",
)


@cache
def _texts(who: str, criterion: str) -> Sequence[str]:
    with (Path(__file__).parent / "words.csv").open(encoding="utf-8", newline="") as file:
        return [
            row["text"] for row in csv.DictReader(file) if (row["who"], row["criterion"]) == (who, criterion)
        ]


def answer(criterion: str, key: str, **facts: object) -> str:
    """An owner's answer to one criterion, the same for the same key on every run.

    Args:
        criterion: code of the criterion.
        key: the business; it seeds the choice.
        facts: `name` and `year` of the business.
    """
    return _pick(_texts("owner", criterion), f"{key} {criterion}").format(**facts)


def review_note(criterion: str, key: str) -> str:
    """What a reviewer wrote beside a score; `key` seeds the choice."""
    return _pick(_texts("reviewer", criterion), f"{key} {criterion} note")


def letter(reason: str, **facts: object) -> str:
    """The letter to a declined owner, by reason code; `facts` has the `name` of the business."""
    return _texts("letter", reason)[0].format(**facts)


def _pick(choices: Sequence[str], key: str) -> str:
    return random.Random(key).choice(choices)  # noqa: S311 - the choice of a sentence, not a secret
