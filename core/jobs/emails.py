"""The mail to whoever asked for a job that took long."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.links import absolute
from core.mail.outbox import Mail, Reader, declared
from core.mail.purposes import Category

from .kinds import kinds
from .models import Job, Status

WHY = gettext_lazy("You get this because you asked for work that took longer than a minute.")


@dataclass(frozen=True)
class FinishedMail:
    """What became of a job.

    Args:
        name: of whoever asked for it.
        work: what was to be done, as the page calls it.
        about: such as the name of a file; "" when there is nothing to say.
        failed: whether it came to nothing.
        error: why, in a sentence; "" when it is done.
        url: the job's page, absolute.
    """

    name: str
    work: str
    about: str
    failed: bool
    error: str
    url: str


FINISHED = Mail(
    template="jobs/finished",
    name=gettext_lazy("A job has ended"),
    trigger=gettext_lazy("A job that took longer than a minute is done or failed"),
    audience=gettext_lazy("Whoever asked for it"),
    category=Category.SERVICE,
    subject=gettext_lazy("Done: Import of a license file"),
    sample=lambda: FinishedMail(
        name="Sergeant Ada Okafor",
        work="Import of a license file",
        about="licenses-2026-11.csv",
        failed=False,
        error="",
        url=absolute("/desk/jobs/7/"),
    ),
    why=WHY,
)


def tell(job: Job, owner: Any) -> None:
    """Queue the mail to the owner, in the transaction in which the job ends, if the work took over a minute.

    Args:
        job: it has just ended. Whoever stopped it knows.
        owner: the account that asked for it, if there is one.
    """
    took = job.took  # the time that it waited its turn is no work
    if owner is None or took is None or took < settings.JOB_MAIL_AFTER or job.status == Status.CANCELLED:
        return
    kind = kinds().get(job.kind)
    failed = job.status == Status.FAILED

    def work() -> str:
        return kind.name_of(job) if kind else job.kind

    FINISHED.send(
        to=Reader.of(owner),
        about=job,
        subject=lambda: (_("Failed: %(work)s") if failed else _("Done: %(work)s")) % {"work": work()},
        payload=lambda: FinishedMail(
            name=owner.display_name,
            work=work(),
            about=kind.title(job) if kind else job.file_name,
            failed=failed,
            error=job.error,
            url=absolute(job.get_absolute_url()),
        ),
    )


MAILS = declared(vars())
