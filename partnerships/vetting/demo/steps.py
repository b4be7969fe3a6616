"""The steps of an application in the demonstration, taken through the room's own services."""

import io
import random
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language_info
from PIL import Image, ImageDraw

from accounts.models import User
from core import clock
from core.demo.moments import Moments
from partnerships.businesses.demo.shops import Shop
from partnerships.businesses.models import Claim
from partnerships.businesses.services import (
    verify_claim,
)
from partnerships.vetting import services
from partnerships.vetting.letters import draft_letter
from partnerships.vetting.models import Application, Review

from . import words

# Keys of shops whose owners' claims nobody has checked yet, though they sent their application.
UNCHECKED = {"tallgrass-vet"}
FULL = {"pinwheel-childcare": "youth", "pilot-light-boxing": "youth", "north-star-cu": "money"}
SCORES = {"approved": (3, 4), "declined": (1, 2)}


class Steps:
    """The single steps that a story is made of, each at its own time.

    Args:
        moments: the days around today.
        users: the department's people by key.
    """

    def __init__(self, moments: Moments, users: dict[str, User]) -> None:
        self.moments = moments
        self.users = users

    def _start(self, shop: Shop, moment: datetime) -> Application:
        with clock.at(moment):
            return services.start_application(
                business=shop.business, actor=shop.owner, note="I own it and am there most days."
            )

    def _fill(self, shop: Shop, application: Application, moment: datetime, *, whole: bool = True) -> None:
        actor = shop.owner or shop.officer
        criteria = list(application.criteria_version.criteria.all())
        chance = random.Random(shop.key)  # noqa: S311 - picks words, no secret
        spoken = dict.fromkeys(["English", get_language_info(shop.language)["name"]])
        with clock.at(moment):
            services.save_step(
                application=application,
                actor=actor,
                values={
                    "contact_role": "Owner",
                    "contact_phone": shop.business.phone,
                    "languages": ", ".join(spoken),
                    "hopes": chance.choice(words.HOPES),
                    "offers": chance.choice(words.OFFERS),
                    "offer_kinds": sorted(chance.sample(["room", "people", "wall", "skills"], 2)),
                    "involves_youth": FULL.get(shop.key) == "youth",
                    "involves_money": FULL.get(shop.key) == "money",
                    **({} if shop.owner else {"contact_name": shop_contact(shop)}),
                },
                answers={
                    each.code: words.answer(
                        each.code, shop.key, name=shop.organization.name, year=shop.opened
                    )
                    for each in (criteria if whole else criteria[:2])
                },
                sites=shop.sites if len(shop.sites) > 1 else None,
            )
            if chance.random() < 0.4:
                services.add_evidence_file(
                    application=application,
                    criterion=criteria[0],
                    name="Letter of the block club.png",
                    upload=letter_of_support(shop.organization.name),
                    actor=actor,
                )

    def _send(self, shop: Shop, application: Application, moment: datetime) -> Application:
        actor = shop.owner or shop.officer
        with clock.at(moment):
            services.declare(
                application=application,
                actor=actor,
                true=True,
                no_effect_on_response=True,
                records_may_be_public=True,
                confirmed_name="" if shop.owner else shop_contact(shop),
            )
            return services.submit_application(application=application, actor=actor)

    def _sent(self, shop: Shop, moment: datetime) -> Application:
        """Started the evening before, sent at `moment`; the claim is checked on the next working day."""
        application = self._start(shop, moment - timedelta(hours=14))
        self._fill(shop, application, moment - timedelta(hours=13))
        application = self._send(shop, application, moment)
        if shop.key not in UNCHECKED:
            self._check_claim(shop, self.moments.working_after(moment, 1, 9))
        return application

    def _check_claim(self, shop: Shop, moment: datetime) -> None:
        claim = Claim.objects.filter(business=shop.business, user=shop.owner, status="claimed").first()
        if claim is not None:
            with clock.at(moment):
                verify_claim(claim=claim, actor=shop.officer, sites=None)

    def _second(self, shop: Shop) -> User:
        return self.users["brandt"] if shop.officer != self.users["brandt"] else self.users["nair"]

    def _reviewers(self, shop: Shop, application: Application, moment: datetime) -> list[Review]:
        """Name the reviewers the track asks for; each declares no conflict."""
        people = [shop.officer] + ([self._second(shop)] if application.track == "full" else [])
        with clock.at(moment):
            reviews = [
                services.assign_reviewer(application=application, reviewer=each, actor=shop.officer)
                for each in people
            ]
            return [
                services.declare_conflict(review=each, proceed=True, actor=each.reviewer) for each in reviews
            ]

    def _visit(self, shop: Shop, application: Application, moment: datetime) -> None:
        with clock.at(moment):
            services.record_visit(application=application, visited_on=clock.today(), actor=shop.officer)

    def _score(
        self, shop: Shop, review: Review, moment: datetime, *, kind: str = "approved", count: int = 4
    ) -> None:
        chance = random.Random(f"{shop.key} {review.reviewer_id}")  # noqa: S311 - invented scores
        criteria = list(review.application.criteria_version.criteria.all())
        with clock.at(moment):
            for each in criteria[:count]:
                services.save_score(
                    review=review,
                    criterion=each,
                    actor=review.reviewer,
                    value=chance.choice(SCORES[kind]),
                    note=words.review_note(each.code, f"{shop.key} {review.reviewer_id}")
                    if kind == "approved"
                    else "Could not be confirmed on the visit or by phone.",
                )
            if count == len(criteria):
                services.submit_review(review=review, actor=review.reviewer)

    def _in_review(self, shop: Shop, sent: datetime) -> tuple[Application, list[Review]]:
        application = self._sent(shop, sent)
        reviews = self._reviewers(shop, application, self.moments.working_after(sent, 1, 11))
        self._visit(shop, application, self.moments.working_after(sent, 2, 12))
        return application, reviews

    def _decide(
        self, shop: Shop, sent: datetime, outcome: str, *, after: int = 8, **details: Any
    ) -> Application:
        """From sent to decided, `after` working days later."""
        application, reviews = self._in_review(shop, sent)
        kind = "declined" if outcome == "declined" else "approved"
        for number, review in enumerate(reviews):
            self._score(shop, review, self.moments.working_after(sent, after - 2 + number, 15), kind=kind)
        with clock.at(self.moments.working_after(sent, after, 14)):
            letter = details.pop("letter", "") or draft_letter(application, outcome)
            return services.decide_application(
                application=application,
                outcome=outcome,
                letter=letter,
                actor=self.users["okafor"],
                **details,
            )


def shop_contact(shop: Shop) -> str:
    """The name of the person to ask for."""
    return str(shop.business.contacts.values_list("name", flat=True)[0])


def letter_of_support(name: str) -> io.BytesIO:
    """A small picture that says it is an invented letter about `name`."""
    picture = Image.new("RGB", (640, 360), "white")
    draw = ImageDraw.Draw(picture)
    known = name.encode("ascii", "replace").decode()
    lines = [
        "To whom it may concern,",
        "",
        f"we know {known} as a good neighbor.",
        "",
        "The block club",
        "",
        "(invented for the demonstration)",
    ]
    for row, line in enumerate(lines):
        draw.text((40, 50 + 32 * row), line, fill="black", font_size=20)
    file = io.BytesIO()
    picture.save(file, "PNG")
    file.seek(0)
    return file
