"""Words that several mails of this room share."""

from django.utils.translation import gettext as _

from partnerships.vetting.choices import Step


def task_words(step: Step) -> str:
    """What a person at the desk has to do, as a sentence."""
    words = {
        Step.TAKE: _("A reviewer is missing. Take it yourself or name someone."),
        Step.DECLARE: _("Your declaration of conflicts is missing. The review can’t begin without it."),
        Step.REVIEW: _("Your review is not in yet."),
        Step.AGREE: _("You and the other reviewer have to agree before it can be decided."),
        Step.DECIDE: _("All reviews are in. It waits for a supervisor’s decision."),
    }
    return words[step]
