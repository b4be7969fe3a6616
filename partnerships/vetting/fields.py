"""The parts of an application by name: which are required, which can be asked for, what changed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from partnerships.businesses.models import Business

from .choices import Offer
from .models import Application, Evidence, SelectionCriterion

ANSWER, EVIDENCE = "answer:", "evidence:"


@dataclass(frozen=True)
class Part:
    """One part of an application.

    Args:
        key: `contact_phone`, `answer:values` or `evidence:values`.
        label: what an owner reads.
        step: the step of the wizard that asks for it.
        required: whether the application can't be sent without it.
    """

    key: str
    label: Any
    step: str
    required: bool = True


PROFILE = (
    Part("contact_name", _("Your name"), "profile"),
    Part("contact_role", _("Your role in the business"), "profile"),
    Part("contact_phone", _("A phone number we can reach you at"), "profile"),
    Part("languages", _("Languages spoken in the business"), "profile", required=False),
    Part("industry", _("Your kind of business"), "profile", required=False),
    Part("hopes", _("What you hope for"), "profile"),
    Part("offers", _("What you can offer to the community"), "profile"),
)
YOUTH = _("We would like to work with people under 18")
MONEY = _("Joint activities would raise or hold money")
SITES = Part("sites", _("Which places it is for"), "profile")  # asked for where there is a choice
PROFILE_KEYS = tuple(part.key for part in PROFILE)


def criteria_of(application: Application) -> list[SelectionCriterion]:
    """The criteria of the application's version, in order."""
    return list(application.criteria_version.criteria.all())


def parts(application: Application) -> list[Part]:
    """Every part of the application, in the order of the wizard."""
    found = list(PROFILE)
    for criterion in criteria_of(application):
        found.append(Part(f"{ANSWER}{criterion.code}", criterion.title, criterion.code))
        found.append(
            Part(
                f"{EVIDENCE}{criterion.code}",
                _("Evidence: %(title)s") % {"title": criterion.title},
                criterion.code,
                required=False,
            )
        )
    return found


def labels(application: Application, keys: list[str]) -> list[str]:
    """The labels of some parts, in order."""
    return [str(part.label) for part in parts(application) if part.key in keys]


def snapshot(application: Application) -> dict[str, str]:
    """What every part says now, as text."""
    answers = {each.criterion.code: each.text for each in application.answers.select_related("criterion")}
    files: dict[str, list[str]] = {}
    for each in application.evidence.select_related("criterion"):
        files.setdefault(each.criterion.code, []).append(each.name)
    said = {key: str(getattr(application, key) or "") for key in PROFILE_KEYS}
    words = dict(Offer.choices)
    kinds = ", ".join(str(words[kind]) for kind in application.offer_kinds if kind in words)
    said["offers"] = "\n".join(part for part in (said["offers"], kinds) if part)
    for criterion in criteria_of(application):
        said[f"{ANSWER}{criterion.code}"] = answers.get(criterion.code, "")
        said[f"{EVIDENCE}{criterion.code}"] = "\n".join(files.get(criterion.code, []))
    return said


@dataclass(frozen=True)
class Said:
    """A part as it was sent, with its files and links.

    Args:
        label: what an owner reads.
        text: the words; "" where files stand alone.
        evidence: what shows it to be true.
    """

    label: Any
    text: str
    evidence: list[Evidence]


def sent(application: Application) -> list[Said]:
    """What the owner sent, part by part, leaving out what they left empty.

    While they answer a request it is what stood there before it: what is saved for later is not sent yet.
    """
    request = application.action_requests.waiting().first()
    said = snapshot(application) if request is None else request.before
    known: dict[str, list[Evidence]] = {}
    for item in application.evidence.select_related("criterion"):
        key = f"{EVIDENCE}{item.criterion.code}"
        if item.name in said.get(key, "").split("\n"):
            known.setdefault(key, []).append(item)
    sites = application.sites.order_by("name_key", "pk")
    places = "\n".join(f"{site.name}, {site.address}" for site in sites)
    found = [Said(SITES.label, places, [])]
    for part in parts(application):
        is_file = part.key.startswith(EVIDENCE)
        text = "" if is_file and part.key in known else said.get(part.key, "")
        if text or part.key in known:
            found.append(Said(part.label, text, known.get(part.key, [])))
    wishes = ((application.involves_youth, YOUTH), (application.involves_money, MONEY))
    return [*found, *(Said(label, str(_("Yes")), []) for wanted, label in wishes if wanted)]


def places_of(application: Application) -> QuerySet[Business]:
    """The places of business that the application can be for."""
    found: QuerySet[Business] = application.organization.sites.open().order_by("name_key", "pk")
    return found


def missing(application: Application) -> list[Part]:
    """The required parts that are still empty: just those that the steps of the wizard ask for.

    What was sent once is asked for no more than it was then: a choice of places, and words beside the kinds
    of offer that were ticked.
    """
    said = snapshot(application)
    wanted = [part for part in parts(application) if part.required]
    if application.is_draft:
        said["offers"] = application.offers
        places = set(places_of(application).values_list("pk", flat=True))
        if len(places) > 1 and not places & set(application.sites.values_list("pk", flat=True)):
            wanted.insert(0, SITES)
            said[SITES.key] = ""
    return [part for part in wanted if not said[part.key].strip()]


@dataclass(frozen=True)
class Change:
    """One part before and after the owner's answer."""

    label: str
    before: str
    after: str


def changes(application: Application, before: dict[str, str], after: dict[str, str]) -> list[Change]:
    """The parts that differ between two snapshots, in the order of the wizard."""
    return [
        Change(str(part.label), before.get(part.key, ""), after.get(part.key, ""))
        for part in parts(application)
        if before.get(part.key, "") != after.get(part.key, "")
    ]
