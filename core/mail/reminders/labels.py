"""What a rule is called: the words its room gives it, as long as they are true."""

from core.mail.models import ReminderRule

from .sources import default_rules, sources

# What the words of a default rule tell of it; an admin may change any of these.
TOLD = ("source", "amount", "unit", "direction")


def label_of(rule: ReminderRule) -> str:
    """The name of a rule for people, such as "Event: the day before".

    A rule whose offset was edited, or which no room brings along, is called by what it watches and when.

    Args:
        rule: saved or not.
    """
    for each in default_rules():
        if each.key == rule.key and all(getattr(each, name) == getattr(rule, name) for name in TOLD):
            return str(each.label)
    source = sources().get(rule.source)
    return f"{source.label if source else rule.source}: {rule.words}"
