"""The letters a supervisor starts from. They are edited before they are sent.

What must always be said (no effect on police response, the appeal) stands in the mail and on the printed
letter around these words, where nobody can take it out.
"""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .choices import Outcomes

if TYPE_CHECKING:
    from .models import Application


def draft_letter(application: "Application", outcome: str) -> str:
    """A letter for an outcome, without scores and names of reviewers.

    Args:
        application: the one to be decided.
        outcome: a value of `Outcomes`.
    """
    name = application.organization.name
    if outcome == Outcomes.APPROVED:
        return _(
            "Thank you for applying and for the time you took. "
            "We are glad to welcome %(name)s as a partner.\n\n"
            "Your officer will call you soon to agree on the first steps. "
            "Please keep your phone number and your hours up to date on your page."
        ) % {"name": name}
    if outcome == Outcomes.APPROVED_WITH_CONDITIONS:
        return _(
            "Thank you for applying and for the time you took. "
            "We are glad to welcome %(name)s as a partner.\n\n"
            "There are a few things that we ask you to do by the dates below. "
            "Your officer will help you with them."
        ) % {"name": name}
    return _(
        "Thank you for applying and for the time you took. "
        "We looked closely at what you sent us about %(name)s.\n\n"
        "At present we can’t make you a partner. "
        "[Say in plain words what was missing, and what would help.]"
    ) % {"name": name}
