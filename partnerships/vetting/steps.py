"""What an application waits for, written down where lists, filters, reminders and sentences read it."""

from core import clock

from . import rules
from .judgement import hands_in, progress_of
from .models import Application


def note_step(application: Application) -> None:
    """Write down what the application waits for now, since when, and who had a hand in it.

    Every effect of a move calls it, and every service that changes the reviews of an application or what
    they come to.

    Args:
        application: under its lock, as it stands after the change.
    """
    progress = progress_of(application)
    known = {
        "step": rules.next_step(progress),
        "all_in": progress.all_in,
        "took_part": sorted(hands_in(application)),
    }
    changed = [name for name, value in known.items() if getattr(application, name) != value]
    for name in changed:
        setattr(application, name, known[name])
    if "step" in changed:
        application.step_since = clock.now()
        changed.append("step_since")
    if changed:
        application.save(update_fields=changed)
