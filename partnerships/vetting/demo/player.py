"""The applications of the demonstration, played through the room's own services at their own times."""

import io
import random
from datetime import datetime, timedelta
from typing import Any

from PIL import Image, ImageDraw

from accounts.demo import make_owner
from accounts.models import User
from core import clock
from core.demo.moments import Moments
from partnerships.businesses.demo.shops import Shop
from partnerships.businesses.models import Claim, MemberRole
from partnerships.businesses.services import (
    add_membership,
    invite_member,
    list_business,
    listing_wording,
    set_standing,
    verify_claim,
)
from partnerships.vetting import services
from partnerships.vetting.letters import draft_letter
from partnerships.vetting.models import Application, Review

from . import words

# Keys of shops whose owners' claims nobody has checked yet, though they sent their application.
UNCHECKED = {"tallgrass-vet"}
INVITES = {"panaderia-espiga": "ines@panaderia-espiga.example"}  # a colleague who has not answered yet
FULL = {"pinwheel-childcare": "youth", "pilot-light-boxing": "youth", "north-star-cu": "money"}
SCORES = {"approved": (3, 4), "declined": (1, 2)}


class Player:
    """Plays the stories of all shops.

    Args:
        moments: the days around today.
        users: the department's people by key.
    """

    def __init__(self, moments: Moments, users: dict[str, User]) -> None:
        self.moments = moments
        self.users = users

    # -- steps --

    def _start(self, shop: Shop, moment: datetime) -> Application:
        with clock.at(moment):
            return services.start_application(
                business=shop.business, actor=shop.owner, note="I own it and am there most days."
            )

    def _fill(self, shop: Shop, application: Application, moment: datetime, *, whole: bool = True) -> None:
        actor = shop.owner or shop.officer
        criteria = list(application.criteria_version.criteria.all())
        chance = random.Random(shop.key)  # noqa: S311 - picks words, no secret
        with clock.at(moment):
            services.save_step(
                application=application,
                actor=actor,
                values={
                    "contact_role": "Owner",
                    "contact_phone": shop.business.phone,
                    "languages": "English" if shop.language == "en" else f"English, {shop.language}",
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
                verify_claim(claim=claim, actor=shop.officer, all_sites=True)

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

    # -- whole stories --

    def play(self, shop: Shop, number: int) -> None:
        """Play the story of one shop.

        Args:
            shop: whose.
            number: its place in the list; spreads the dates of what is long done.
        """
        getattr(self, f"play_{shop.stage}")(shop, number)
        shop.business.refresh_from_db()
        if shop.listed and shop.business.standing == "partner" and shop.owner is not None:
            # Within three weeks: also over the holidays every one of them was a partner by then.
            with clock.at(self.moments.days(-9 - number % 12)):
                for site in shop.sites[:12]:
                    list_business(business=site, actor=shop.owner, wording=listing_wording(site))
        if shop.key in INVITES:
            with clock.at(self.moments.days(-6, 17)):
                invite_member(
                    organization=shop.organization,
                    email=INVITES[shop.key],
                    role=MemberRole.STAFF,
                    sites=None,
                    actor=shop.owner,
                )

    def play_prospect(self, shop: Shop, number: int) -> None:
        """Nobody applied."""

    def play_claim(self, shop: Shop, number: int) -> None:
        """Claimed a few days ago; the application is begun."""
        application = self._start(shop, self.moments.working(1 + number % 3, 18))
        self._fill(shop, application, self.moments.working(1 + number % 3, 18, 20), whole=False)

    def play_draft(self, shop: Shop, number: int) -> None:
        """Begun, the claim is checked, half is written."""
        application = self._start(shop, self.moments.working(6, 9))
        self._check_claim(shop, self.moments.working(5, 9))
        self._fill(shop, application, self.moments.working(4, 20), whole=False)

    def play_submitted(self, shop: Shop, number: int) -> None:
        """Sent; nobody has taken it."""
        self._sent(shop, self.moments.working(2 + number % 2, 19))

    def play_submitted_late(self, shop: Shop, number: int) -> None:
        """Sent, and past the promise without a reviewer."""
        self._sent(shop, self.moments.working(11))

    def play_review(self, shop: Shop, number: int) -> None:
        """In review, two of four criteria are scored."""
        _application, reviews = self._in_review(shop, self.moments.working(5))
        self._score(shop, reviews[0], self.moments.working(1, 16), count=2)

    def play_review_late(self, shop: Shop, number: int) -> None:
        """In review past the promise, two of four criteria are scored."""
        _application, reviews = self._in_review(shop, self.moments.working(12))
        self._score(shop, reviews[0], self.moments.working(1, 10), count=2)

    def play_reviewed(self, shop: Shop, number: int) -> None:
        """Reviewed on the basic track; a supervisor has to decide."""
        _application, reviews = self._in_review(shop, self.moments.working(7))
        self._score(shop, reviews[0], self.moments.working(2, 15))

    def play_review_full(self, shop: Shop, number: int) -> None:
        """On the full track: the first review is in, the second is open."""
        ago = 11 if shop.key == "north-star-cu" else 6
        _application, reviews = self._in_review(shop, self.moments.working(ago))
        self._score(shop, reviews[0], self.moments.working(2, 15))

    def play_reviewed_full(self, shop: Shop, number: int) -> None:
        """On the full track, both reviews in; a supervisor has to decide."""
        _application, reviews = self._in_review(shop, self.moments.working(8))
        for review in reviews:
            self._score(shop, review, self.moments.working(2, 15))

    def play_action_needed(self, shop: Shop, number: int) -> None:
        """The owner was asked for changes."""
        application, _reviews = self._in_review(shop, self.moments.working(9))
        two = shop.key == "lumen-pharmacy"
        with clock.at(self.moments.working(3, 11)):
            services.request_action(
                application=application,
                reason="missing" if two else "unclear",
                fields=["contact_phone", "offers"] if two else ["answer:community"],
                message="We could not reach you at the number you gave, and we would like to know what you "
                "could offer. A sentence is enough."
                if two
                else "Which evenings would suit the safety talk, and for how many people is there room? "
                "A sentence is enough.",
                actor=shop.officer,
            )

    def play_approved(self, shop: Shop, number: int) -> None:
        """A partner: since a few weeks up to almost two years."""
        self._decide(shop, self.moments.days(-40 - 50 * (number % 15)), "approved", after=6 + number % 4)

    def play_conditions(self, shop: Shop, number: int) -> None:
        """A partner with a condition: one is overdue, one nearly due, one met."""
        due, text = {
            "halyard-fuel": (-2, "Put a light over the back door"),
            "sundial-motel": (5, "Show the night clerk’s training sheet"),
        }.get(shop.key, (-20, "Post the closing list at the register"))
        application = self._decide(
            shop,
            self.moments.days(-75),
            "approved_with_conditions",
            conditions=[(text, self.moments.today + timedelta(days=due))],
        )
        if due < -10:
            with clock.at(self.moments.days(-24)):
                services.close_condition(condition=application.conditions.get(), met=True, actor=shop.officer)

    def play_declined(self, shop: Shop, number: int) -> None:
        """Declined a few days ago: the owner may still appeal."""
        self._decide(
            shop,
            self.moments.working(15),
            "declined",
            reason_codes=["evidence"],
            letter=words.letter("evidence", name=shop.organization.name),
        )

    def play_declined_old(self, shop: Shop, number: int) -> None:
        """Declined more than a year ago."""
        self._decide(
            shop,
            self.moments.days(-410),
            "declined",
            reason_codes=["capacity"],
            letter=words.letter("capacity", name=shop.organization.name),
        )

    def play_withdrawn(self, shop: Shop, number: int) -> None:
        """Taken back, once by the owner and once by an officer on the owner's request."""
        sent = self.moments.days(-50 - number)
        application, _reviews = self._in_review(shop, sent)
        actor = shop.owner if number % 2 else shop.officer
        with clock.at(self.moments.working_after(sent, 4, 16)):
            services.withdraw_application(application=application, actor=actor)

    def play_suspended(self, shop: Shop, number: int) -> None:
        """A partner whose partnership rests."""
        self._decide(shop, self.moments.days(-300), "approved")
        with clock.at(self.moments.days(-12, 9)):
            set_standing(organization=shop.organization, standing="suspended", actor=self.users["okafor"])

    def play_lapsed(self, shop: Shop, number: int) -> None:
        """A partner whose approval ran out; nobody renewed it."""
        application = self._decide(shop, self.moments.days(-790), "approved")
        if application.valid_until is not None:
            with clock.at(self.moments.on(application.valid_until + timedelta(days=1), 9)):
                set_standing(organization=shop.organization, standing="lapsed", actor=self.users["okafor"])

    def play_ended(self, shop: Shop, number: int) -> None:
        """A partner who gave the business up."""
        self._decide(shop, self.moments.days(-480), "approved")
        with clock.at(self.moments.days(-45, 9)):
            set_standing(organization=shop.organization, standing="ended", actor=self.users["pike"])

    def play_appealed(self, shop: Shop, number: int) -> None:
        """Declined, and the owner asked for another look by other people."""
        application = self._decide(
            shop,
            self.moments.working(19),
            "declined",
            reason_codes=["evidence"],
            letter=words.letter("evidence", name=shop.organization.name),
        )
        with clock.at(self.moments.working(3, 20)):
            services.appeal_decision(
                application=application,
                actor=shop.owner,
                text="The lease and the license were in the envelope I left at the front desk. Please look "
                "again.",
            )

    def play_assisted(self, shop: Shop, number: int) -> None:
        """An officer filled it in during a visit; the owner has no email."""
        moment = self.moments.working(4, 11)
        with clock.at(moment):
            application = services.assist_application(business=shop.business, actor=shop.officer)
        self._fill(shop, application, moment + timedelta(minutes=9))
        application = self._send(shop, application, moment + timedelta(minutes=10))
        self._visit(shop, application, moment + timedelta(minutes=11))

    def play_chain(self, shop: Shop, number: int) -> None:
        """The chain: full track, approved for all its sites; two store managers see their own store only."""
        self._decide(shop, self.moments.days(-600), "approved", after=9)
        for site in (2, 6):
            store = shop.sites[site]
            manager = store.contacts.get()
            account = make_owner(manager.name, f"store{site + 1}.northbank")
            with clock.at(self.moments.days(-560)):
                add_membership(
                    organization=shop.organization,
                    user=account,
                    role=MemberRole.STAFF,
                    sites=[store],
                    actor=None,
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
