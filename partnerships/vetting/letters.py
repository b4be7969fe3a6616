"""The letters a supervisor starts from. They are edited before they are sent.

What must always be said (the decision, no effect on police response, the appeal) stands in the mail and on
the printed letter around these words, where nobody can take it out.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.access import Refusal

from .choices import Outcomes
from .models import Application

NO_LETTER = Refusal("no_letter", gettext_lazy("Write the letter to the owner."))
PLACEHOLDER_LEFT = Refusal(
    "placeholder_left", gettext_lazy("Write your own words in place of the brackets in the letter.")
)


def opening(organization: str, outcome: str) -> str:
    """What was decided, in the sentence that every letter opens with: in mail, on paper, on the owner’s page.

    Args:
        organization: its name.
        outcome: a value of `Outcomes`.
    """
    if outcome == Outcomes.DECLINED:
        said = _("We have decided on the application of %(name)s. We can’t make it a partner at present.")
    else:
        said = _("%(name)s is now a partner. Welcome!")
    return said % {"name": organization}


def draft_letter(application: Application, outcome: str) -> str:
    """The words a supervisor starts from; they stand behind `opening` and never say it again.

    Args:
        application: the one to be decided.
        outcome: a value of `Outcomes`.
    """
    if outcome == Outcomes.APPROVED:
        return _(
            "Thank you for applying and for the time you took. "
            "We look forward to working with you.\n\n"
            "Your officer will call you soon to agree on the first steps. "
            "Please keep your phone number up to date on your page."
        )
    if outcome == Outcomes.APPROVED_WITH_CONDITIONS:
        return _(
            "Thank you for applying and for the time you took. "
            "We look forward to working with you.\n\n"
            "There are a few things that we ask you to do by the dates below. "
            "Your officer will help you with them."
        )
    return _(
        "Thank you for applying and for the time you took. "
        "We looked closely at what you sent us about %(name)s.\n\n%(placeholder)s"
    ) % {"name": application.organization.name, "placeholder": placeholder()}


def placeholder() -> str:
    """What a decline leaves for the supervisor to write, in brackets in every language; it is never sent."""
    return _("[Say in plain words what was missing, and what would help.]")


def letter_fault(application: Application, outcome: str, letter: str) -> Refusal | None:
    """Why `letter` can’t be sent with `outcome`: it is empty, still the draft of another outcome, or
    brackets are left in it.

    Args:
        application: the one to be decided.
        outcome: a value of `Outcomes`.
        letter: as the supervisor would send it.
    """
    words = letter.split()
    if not words:
        return NO_LETTER
    for other, label in Outcomes.choices:
        if other != outcome and words == draft_letter(application, other).split():
            return Refusal(
                "other_letter",
                _("This is the letter for “%(outcome)s”. Write the one for your decision.")
                % {"outcome": label},
            )
    return PLACEHOLDER_LEFT if has_brackets(letter) else None


def has_brackets(letter: str) -> bool:
    """Whether brackets are left, such as a draft has around what the supervisor writes."""
    return "[" in letter
