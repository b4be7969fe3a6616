"""Buttons of a workflow's moves, and the one view that makes them."""

from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import Http404
from django.test import RequestFactory

from core.access import Refusal, Refused
from core.models import AuditEntry
from core.pages.moves import Moves
from core.workflow import Move, Workflow

TOO_EARLY = Refusal("early", "It is too early.")
DOOR = Workflow(
    AuditEntry,  # any model: nothing is read from its table
    start=("shut",),
    moves=(
        Move("open", ("shut",), "ajar", label="Open", done="It is open."),
        Move("lock", ("shut",), "locked", guard=lambda user, row: TOO_EARLY, label="Lock"),
        Move("paint", ("shut", "ajar"), "red", label="Paint"),
        Move("creak", ("shut",), "ajar", label="Never offered"),
    ),
)


def door(status="shut"):
    return SimpleNamespace(pk=7, status=status)


def moves(**more):
    given = {
        "view": "desk:event_move",
        "does": {"open": lambda row, actor: row, "lock": lambda row, actor: row},
        "pages": {"paint": "desk:event_cancel"},
        "styles": {"open": "main"},
    }
    return Moves(DOOR, **{**given, **more})


def post():
    request = RequestFactory().post("/")
    request.user, request.session = None, {}
    request._messages = FallbackStorage(request)
    return request


def said(request):
    return [(each.level_tag, str(each)) for each in get_messages(request)]


def test_the_page_offers_what_starts_from_the_present_state_in_the_tables_order():
    steps = moves().offered(door(), None)
    assert [(each.name, each.asks, each.style) for each in steps] == [
        ("open", False, "main"), ("lock", False, "outline"), ("paint", True, "outline")
    ]  # fmt: skip
    assert [each.url for each in steps] == [
        "/desk/events/7/open/", "/desk/events/7/lock/", "/desk/events/7/cancel/"
    ]  # fmt: skip
    assert [each.name for each in moves().offered(door("ajar"), None)] == ["paint"]


def test_what_can_not_be_done_now_shows_the_sentence_unless_it_would_only_be_noise():
    lock = next(each for each in moves().offered(door(), None) if each.name == "lock")
    assert lock.refusal is TOO_EARLY
    assert "lock" not in [each.name for each in moves(hushed=("lock",)).offered(door(), None)]


def test_a_click_does_it_and_says_what_was_done():
    request, seen = post(), []

    def note(row, actor):
        seen.append(row.pk)
        return row

    answer = moves(does={"open": note}).make(request, door(), "open", "/back/")
    assert (answer.status_code, answer["Location"], seen) == (302, "/back/", [7])
    assert said(request) == [("success", "It is open.")]


def test_a_message_may_offer_what_comes_next():
    request = post()
    moves(then={"open": lambda row: ("Walk <in>", "/in/")}).make(request, door(), "open", "/back/")
    assert 'It is open. <a href="/in/">Walk &lt;in&gt;</a>' in said(request)[0][1]


def test_a_refusal_says_its_sentence():
    def refuse(row, actor):
        raise Refused(TOO_EARLY)

    request = post()
    moves(does={"open": refuse}).make(request, door(), "open", "/back/")
    assert said(request) == [("error", "It is too early.")]


@pytest.mark.parametrize("name", ["paint", "creak", "nonsense"])
def test_a_move_that_no_click_makes_is_a_missing_page(name):
    with pytest.raises(Http404):
        moves().make(post(), door(), name, "/back/")
