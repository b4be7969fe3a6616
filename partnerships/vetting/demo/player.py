"""The applications of the demonstration, played through the room's own services at their own times."""

from datetime import timedelta

from accounts.demo import make_owner
from core import clock
from partnerships.businesses.demo.shops import Shop
from partnerships.businesses.models import MemberRole
from partnerships.businesses.services import (
    add_membership,
    invite_member,
    list_business,
    listing_wording,
    set_standing,
)
from partnerships.vetting import services

from . import words
from .steps import Steps

INVITES = {"panaderia-espiga": "ines@panaderia-espiga.example"}  # a colleague who has not answered yet


class Player(Steps):
    """Plays the stories of all shops, by the stage that each has come to."""

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
        application = self._start(shop, self.moments.working(3 + number % 3, 18))
        self._fill(shop, application, self.moments.working(3 + number % 3, 18, 20), whole=False)

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
        with clock.at(self.moments.working(4, 11)):
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
                services.meet_condition(condition=application.conditions.get(), actor=shop.officer)

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
