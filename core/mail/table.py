"""The table of every mail in docs/mail.md, written from the catalog and the rules of the rooms."""

from collections import defaultdict
from pathlib import Path

from django.conf import settings
from django.utils import translation

from core.mail.outbox import catalog
from core.mail.reminders.sources import default_rules, sources

FILE = Path("docs/mail.md")
BEGIN = "<!-- Written by manage.py mail_table --write -->"
END = "<!-- End of the table -->"
HEADS = ("mail", "trigger", "audience", "purpose", "template", "rule")


def rows() -> list[tuple[str, ...]]:
    """One row for each kind of mail, as `HEADS`; in the order of the catalog."""
    rules = defaultdict(list)
    known = sources()
    for rule in default_rules():
        rules[known[rule.source].template].append(f"`{rule.key}`")
    with translation.override(settings.LANGUAGE_CODE):
        return [
            (
                str(kind.name),
                str(kind.trigger),
                str(kind.audience),
                str(kind.category.label if kind.category == "security" else kind.purpose.label).lower(),
                f"`{kind.template}`",
                ", ".join(rules[kind.template]),
            )
            for kind in catalog().values()
        ]


def table() -> str:
    """The table in Markdown."""
    lines = [HEADS, ("---",) * len(HEADS), *rows()]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def written(text: str) -> str:
    """The text of the docs with the table as it is now between its marks.

    Raises:
        ValueError: a mark is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{FILE} lacks {BEGIN} or {END}.")
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"
