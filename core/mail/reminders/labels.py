"""What a rule is called: the words its room gives it, as long as they are true."""

from core.mail.models import ReminderRule

from .sources import default_rules, sources

# What the words of a default rule tell of it; an admin may change any of these.
TOLD = ("source", "amount", "unit", "direction")


def label_of(rule: ReminderRule) -> str:
    """The name of a rule for people, such as "Event: the day before".

    One whose offset was edited keeps what its words are about, and says when: "Event: 3 days before". One
    that no room brings along is called by what it watches and when.

    Args:
        rule: saved or not.
    """
    for each in default_rules():
        if each.key == rule.key and each.source == rule.source:
            label = str(each.label)
            told = all(getattr(each, name) == getattr(rule, name) for name in TOLD)
            return label if told else f"{label.partition(':')[0]}: {rule.distance}"
    source = sources().get(rule.source)
    return f"{source.label if source else rule.source}: {rule.words}"
