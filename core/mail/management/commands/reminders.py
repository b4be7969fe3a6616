"""The reminder rules: what each would send in the next 30 days, and why a mail was or was not sent."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from core.commands import DepartmentCommand
from core.mail.models import ReminderRule
from core.mail.reminders import sources
from core.mail.reminders.explain import explain
from core.mail.reminders.labels import label_of
from core.mail.reminders.upcoming import DAYS, upcoming
from core.models import Department


class Command(DepartmentCommand):
    help = (
        f"List the reminder rules with what falls due in the next {DAYS} days. --rule KEY names each mail; "
        "--explain KEY tells why one was or was not sent."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--rule", metavar="KEY", help="list who would get what and when by this rule")
        what.add_argument(
            "--explain",
            metavar="KEY",
            help="of a reminder (rule:subject:recipient:date) or a mail, or a Message-ID",
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["explain"] is not None:
            self._explain(options["explain"], as_json=options["json"])
        elif options["rule"]:
            self._rule(options["rule"], as_json=options["json"])
        else:
            self._list(as_json=options["json"])

    def _explain(self, key: str, *, as_json: bool) -> None:
        lines = explain(key)
        if not lines:
            raise CommandError(f"Nothing is known by the key {key}. Copy it from the mail's page or --rule.")
        self.stdout.write(json.dumps({"key": key, "lines": lines}) if as_json else "\n".join(lines))

    def _rule(self, key: str, *, as_json: bool) -> None:
        rule = ReminderRule.objects.filter(key=key).first()
        if rule is None:
            known = ", ".join(ReminderRule.objects.values_list("key", flat=True))
            raise CommandError(f"There is no rule {key}. The rules are: {known}.")
        source = sources().get(rule.source)
        if source is None:
            raise CommandError(f"The rule {key} watches {rule.source}, which no room offers.")
        found = upcoming(rule, source)
        zone = Department.current().zone
        rows: list[dict[str, Any]] = [
            {"due": each.due_at.astimezone(zone).isoformat(), "to": each.watched.to, "key": each.key}
            | ({"not_sent": each.unreached} if each.unreached else {})
            for each in found.rows
        ]
        if as_json:
            self.stdout.write(
                json.dumps(
                    {
                        "rule": key,
                        "label": label_of(rule),
                        "total": found.total,
                        "people": found.people,
                        "rows": rows,
                    }
                )
            )
            return
        self.stdout.write(f"{label_of(rule)} ({key}): {rule.words}")
        for row in rows:
            note = f"  ({row['not_sent']})" if "not_sent" in row else ""
            self.stdout.write(f"{row['due'][:16]}  {row['to']}  {row['key']}{note}")
        self.stdout.write(
            f"{found.total} reminders to {found.people} addresses in the next {DAYS} days"
            + ("." if rule.active else ", if the rule were switched on.")
        )

    def _list(self, *, as_json: bool) -> None:
        known = sources()
        rows = []
        for rule in ReminderRule.objects.all():
            source = known.get(rule.source)
            total = upcoming(rule, source).total if source else 0
            rows.append(
                {
                    "rule": rule.key,
                    "label": label_of(rule),
                    "active": rule.active,
                    "when": rule.words,
                    "next": total,
                }
            )
        if as_json:
            self.stdout.write(json.dumps(rows))
            return
        for row in rows:
            state = "on " if row["active"] else "off"
            when = f"{row['label']} ({row['rule']}): {row['when']}"
            self.stdout.write(f"{state}  {when}  → {row['next']} in the next {DAYS} days")
