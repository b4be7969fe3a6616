"""What this room says and does when the department gets another time zone. See `core.rooms.OFFERS`."""

from datetime import tzinfo

from django.utils.translation import gettext as _

from core import words

from . import services


def at_stake(old: tzinfo, new: tzinfo) -> list[str]:
    """Which coming events would be told at another hour, and at which, one sentence each."""
    return [
        _("%(title)s: %(day)s, %(old)s would become %(new)s.")
        % {
            "title": each.title,
            "day": words.day(each.starts_at, zone=old),
            "old": words.clock(each.starts_at, zone=old, named=True),
            "new": words.clock(each.starts_at, zone=new, named=True),
        }
        for each in services.on_another_hour(old=old, new=new)
    ]


# Carry coming events over; how many there were.
follow = services.follow_zone
