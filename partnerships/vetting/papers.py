"""What vetting prints: the letter of a decision. The page and the PDF say the same, both from here."""

from dataclasses import dataclass

from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import files, words
from core.access import Refusal, Refused
from core.models import Department
from core.paper import Paper

from .choices import Outcomes
from .letters import opening
from .models import Application, Decision
from .sentences import last_appeal_day

NO_DECISION = Refusal("no_decision", gettext_lazy("There is no decision yet, so there is no letter."))


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A decision's letter, in words.

    Attributes:
        to: the lines of its address.
        date: the day of the decision.
        opening: what was decided.
        text: as the supervisor wrote it, with line breaks; an empty line parts paragraphs.
        reasons: of a decline.
        conditions: each with its day.
        always: what is said around the supervisor's words, where nobody can take it out.
    """

    to: tuple[str, ...]
    date: str
    reference: str
    subject: str
    greeting: str
    opening: str
    reasons_title: str
    reasons: tuple[str, ...]
    text: str
    conditions_title: str
    conditions: tuple[str, ...]
    always: tuple[str, ...]
    closing: str
    signed: str


def last_decision(application: Application) -> Decision | None:
    """The decision that its letter tells."""
    return application.decisions.order_by("-round").first()


def letter_of(application: Application, decision: Decision) -> Letter:
    """The letter of a decision, to print.

    Args:
        application: with its organization.
        decision: one of it.
    """
    site = application.sites.order_by("pk").first()
    place = (site.street, site.address.removeprefix(site.street).lstrip(", ")) if site else ()
    name = application.contact_name
    return Letter(
        to=tuple(line for line in (name, application.organization.name, *place) if line),
        date=words.day(decision.decided_at),
        reference=application.reference,
        subject=_("Your application, %(number)s") % {"number": application.reference},
        greeting=_("Hello %(name)s,") % {"name": name} if name else _("Hello,"),
        opening=opening(application.organization.name, decision.outcome),
        reasons_title=_("The reason:"),
        reasons=tuple(decision.reasons),
        text=decision.letter,
        conditions_title=_("What we agreed on:"),
        conditions=tuple(
            _("%(text)s (by %(day)s)") % {"text": each.text, "day": words.day(each.due_on)}
            for each in application.conditions.all()
        ),
        always=tuple(_always(application)),
        closing=_("Sincerely,"),
        signed=Department.current().unit_name,
    )


def letter_file(application: Application) -> HttpResponseBase:
    """The letter of the last decision, as a PDF to keep.

    Args:
        application: one that the view found among those visible to the user.

    Raises:
        Refused: there is no decision, or a name in it has letters that the PDF can't show.
    """
    if (decision := last_decision(application)) is None:
        raise Refused(NO_DECISION)
    letter = letter_of(application, decision)
    if (refusal := LETTER.refusal(letter)) is not None:
        raise Refused(refusal)
    title = _("Letter to %(name)s, %(number)s") % {
        "name": application.organization.name,
        "number": application.reference,
    }
    return files.download(
        LETTER.pdf(letter, title=title), name=f"{title}.pdf", content_type="application/pdf"
    )


def _always(application: Application) -> list[str]:
    department = Department.current()
    said = []
    if application.valid_until:
        day = words.day(application.valid_until)
        said.append(_("Your partnership is valid until %(day)s.") % {"day": day})
        said.append(_("Being a partner never changes how police respond to anyone."))
        return said
    if (until := last_appeal_day(application)) is not None:
        said.append(
            _(
                "If you think we are wrong, you can appeal once, until %(day)s: %(reach)s. "
                "Other officers and another supervisor look at it."
            )
            % {"day": words.day(until), "reach": department.phone or department.email}
        )
    said.append(
        _(
            "You are welcome to apply again at any time. "
            "This decision never changes how police respond to anyone."
        )
    )
    return said


def _sample() -> Letter:
    return Letter(
        to=("Rosa Diaz", "Corner Bakery", "3127 N Broadway", "Chicago, IL 60657"),
        date="November 24, 2026",
        reference="A-00012",
        subject=_("Your application, %(number)s") % {"number": "A-00012"},
        greeting=_("Hello %(name)s,") % {"name": "Rosa Diaz"},
        opening=opening("Corner Bakery", Outcomes.APPROVED),
        reasons_title=_("The reason:"),
        reasons=("A license is missing",),
        text="Thank you for applying.\n\nYour officer will call you soon.\nKeep your number up to date.",
        conditions_title=_("What we agreed on:"),
        conditions=("Light in the yard (by December 24, 2026)", "A license (by January 15, 2027)"),
        always=(_("Being a partner never changes how police respond to anyone."),),
        closing=_("Sincerely,"),
        signed="Community Partnerships Unit",
    )


LETTER = Paper(template="vetting/letter", sample=_sample)
PAPERS = [LETTER]
