"""Overview orders what the rooms tell, says as a count what does not fit; each room keeps to its budget."""

from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import context, rooms
from core.pages import story
from core.pages.components import TimelineEntry
from core.pages.story import Beside, Card, Chapter, Day, Figure, Home, Need, Next, Tile, Whose
from partnerships.overview import editor
from tests.factories import vetting
from tests.factories.accounts import UserFactory
from tests.factories.businesses import BusinessFactory, ClaimFactory, ContactFactory, MembershipFactory
from tests.factories.events import EventFactory

from .conftest import due


@pytest.fixture
def told(monkeypatch):
    """Let made-up rooms tell something: `told(room, room)`, each a namespace of offers."""

    def tell(*rooms):
        monkeypatch.setattr(
            editor, "_told", lambda name: (vars(each)[name] for each in rooms if name in vars(each))
        )

    return tell


def card(key, order=50, **more):
    return Card(key, key.title(), "any.html", order=order, **more)


def room(**offers):
    return SimpleNamespace(**{name: (lambda *about, found=found: found) for name, found in offers.items()})


class TestOrder:
    def test_cards_of_all_rooms_stand_by_their_order_each_in_its_column(self, told):
        told(
            room(day=Day([card("late", 90), card("side", 10, aside=True)])), room(day=Day([card("first", 1)]))
        )
        page = editor.today_of(None, Whose.ALL).page
        assert [each.key for each in page.main.cards] == ["first", "late"]
        assert [each.key for each in page.aside.cards] == ["side"]

    def test_what_is_late_and_due_is_added_up(self, told):
        told(room(day=Day(late=2, due=1)), room(day=Day(late=3, due=4)))
        today = editor.today_of(None, Whose.ALL)
        assert (today.late, today.due) == (5, 5)

    def test_the_first_of_all_next_steps_is_shown(self, told):
        told(
            room(beside=Beside(steps=[Next("later", order=60)])),
            room(beside=Beside(steps=[Next("now", order=5)])),
        )
        assert editor.beside(None, None).next.sentence == "now"

    def test_an_owners_officer_is_told_by_the_lowest_room_that_knows_one(self, told):
        told(room(home=Home(officer="upper")), room(home=Home(officer="lower")))
        assert editor.home_of(None).officer == "lower"

    def test_a_home_is_empty_only_when_no_room_knows_anything_of_theirs(self, told):
        told(room(home=Home()), room(home=Home(known=True)))
        assert not editor.home_of(None).is_empty
        told(room(home=Home()), room(home=Home()))
        assert editor.home_of(None).is_empty

    def test_a_room_that_tells_nothing_is_not_asked(self, told):
        told(room(), room(figures=[Figure("3", "partners")]))
        assert [each.figure for each in editor.public_figures()] == ["3"]


class TestWhatDoesNotFit:
    def test_cards_beyond_the_column_are_told_as_counts(self, told):
        cards = [card(f"card{n}", n, lines=["a", "b"], total=n) for n in range(8)]
        told(room(day=Day(cards)))
        column = editor.today_of(None, Whose.ALL).page.main
        assert [each.key for each in column.cards] == [f"card{n}" for n in range(6)]
        assert [(each.title, each.count) for each in column.more] == [("Card6", 6), ("Card7", 7)]

    def test_figures_that_worry_go_before_those_that_do_not(self, told):
        calm = [Tile(n, f"calm {n}", "good", order=n) for n in range(6)]
        told(room(day=Day(tiles=[*calm, Tile(9, "late", "bad", order=99)])))
        today = editor.today_of(None, Whose.ALL)
        assert [each.words for each in today.tiles] == [f"calm {n}" for n in range(5)] + ["late"]
        assert [each.words for each in today.more] == ["calm 5"]

    def test_needs_beyond_eight_are_told_in_a_line_and_counted(self, told):
        told(room(home=Home([Need(f"need {n}", "", "/", "", order=n) for n in range(10)])))
        home = editor.home_of(None)
        assert len(home.needs) == 8
        assert [each.title for each in home.more] == ["need 8", "need 9"]
        assert home.count == 10

    def test_older_entries_are_counted_by_chapter(self, told):
        def many(name, number):
            return Chapter(name, name.title(), lambda place, user: [TimelineEntry(name)] * number)

        told(
            SimpleNamespace(CHAPTERS=[many("mail", 30)]),
            SimpleNamespace(CHAPTERS=[many("visits", 25), many("mail", 2)]),
        )
        told_of = editor.story_of(None, None)
        assert len(told_of.entries) == story.LONGEST
        assert sum(number for _chapter, number in told_of.more) == 57 - story.LONGEST
        assert [each.key for each in editor.chapters(figures_only=False)] == ["mail", "visits"]
        assert editor.story_of(None, None, "visits").more == []

    def test_viewers_read_only_the_chapters_meant_for_them(self, told):
        told(SimpleNamespace(CHAPTERS=[Chapter("a", "A", lambda *_: [TimelineEntry("secret")])]))
        assert editor.story_of(None, None, figures_only=True).entries == []
        assert editor.story_of(None, None, "a", figures_only=True).entries == []


@pytest.mark.django_db
@pytest.mark.gate(43)
class TestBudget:
    """At most three queries an offer, with a lot behind it."""

    @pytest.fixture
    def busy(self, city, db):
        """A partner with everything a room could tell of, and more of each elsewhere."""
        business = BusinessFactory(area=city.west_beat, organization__lead_officer=city.officer)
        vetting.reviewed(business=business)
        for _ in range(3):
            application = vetting.decided("approved_with_conditions", owner=city.owner)
            due(application, 3)
            vetting.action_needed(owner=city.owner)
            vetting.in_review(business=BusinessFactory(area=city.west_beat), reviewers=[city.officer])
            ClaimFactory(business=BusinessFactory(area=city.west_beat), user=city.owner)
            BusinessFactory(organization=business.organization, area=city.west_beat)
            ContactFactory(business=business, email="a@shop.example")
            MembershipFactory(user=UserFactory(), business=business)
            EventFactory(area=city.west, host=business, in_days=2)
        return business

    def spent(self, ask):
        """What an offer costs on a page that has read already what all rooms ask of its reader."""
        with context.acting(kept={}):
            ask()
            with CaptureQueriesContext(connection) as captured:
                ask()
        return len(captured)

    @pytest.mark.parametrize("room", [room for room in rooms.names() if rooms.file(room, "story")])
    def test_no_offer_of_a_room_costs_more_than_three_queries(self, city, busy, room):
        found = rooms.file(room, "story")
        asked = {
            "beside": (busy, city.officer),
            "day": (city.officer, Whose.MINE),
            "city": (city.viewer,),
            "home": (city.owner,),
            "figures": (),
        }
        over = {}
        for name, about in asked.items():
            if hasattr(found, name):
                cost = self.spent(lambda name=name, about=about: getattr(found, name)(*about))
                if cost > story.QUERIES:
                    over[name] = cost
        for chapter in getattr(found, "CHAPTERS", ()):
            cost = self.spent(lambda chapter=chapter: list(chapter.read(busy, city.officer)))
            if cost > story.QUERIES:
                over[f"chapter {chapter.key}"] = cost
        assert not over
