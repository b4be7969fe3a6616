"""Two people edit one event: each sees what differs, and the second save undoes and repeats nothing."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.urls import reverse

from core import clock
from events import services
from tests.factories.accounts import OfficerFactory
from tests.factories.events import EventFactory, place
from tests.markup import untouched

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    found = EventFactory(title="Workshop", starts_at=datetime(2027, 3, 5, 23, tzinfo=UTC))
    place(found, "Ana")
    return found


@pytest.fixture
def edit(desk, event):
    """The page as it stood before someone else moved the event, and then sent with these changes."""
    url = reverse("desk:event_edit", args=[event.pk])
    page = dict(untouched(desk.get(url).content.decode()))

    def send(answer=None, **changes):
        shown = page if answer is None else dict(untouched(answer.content.decode()))
        return desk.post(url, {**shown, **changes})

    return send


def move(event, hours=2):
    later = event.starts_at + timedelta(hours=hours)
    with clock.at(datetime(2026, 12, 1, 22, 30, tzinfo=UTC)):  # 4:30 p.m.
        services.update_event(
            event=event, actor=OfficerFactory(full_name="Kim Park"), starts_at=later,
            ends_at=later + timedelta(hours=2),
        )  # fmt: skip
    return later


def test_the_second_save_moves_nothing_back_and_mails_nobody_again(edit, event, mails):
    moved = move(event)
    assert len(mails("moved")) == 1
    warned = edit(title="My own title")
    assert warned.status_code == 409
    assert edit(warned).status_code == 302
    event.refresh_from_db()
    assert (event.title, event.starts_at, event.sequence) == ("My own title", moved, 1)
    assert len(mails("moved")) == 1


def test_a_time_that_both_changed_is_shown_twice_and_whose_stands_is_chosen(edit, event, mails):
    move(event)
    mine = {"starts_at": "2027-03-06T10:00", "ends_at": "2027-03-06T12:00"}
    warned = edit(**mine)
    assert warned.status_code == 409
    shown = {each.field.name: (each.yours, each.now) for each in warned.context["form"].conflict.differences}
    assert shown["starts_at"] == ("March 6, 2027, 10:00 a.m.", "March 5, 2027, 7:00 p.m.")
    assert edit(warned).status_code == 302
    event.refresh_from_db()
    assert event.starts_at == datetime(2027, 3, 6, 16, tzinfo=UTC)
    assert (event.sequence, len(mails("moved"))) == (2, 2)


def test_no_sentence_of_the_page_ends_in_two_full_stops(edit, event):
    move(event)
    page = edit(title="My own title").content.decode()
    read = " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())
    assert "Changed by Officer Kim Park at December 1, 2026, 4:30 p.m. Your text" in read
    assert not re.search(r"(?<!\.)\.\s?\.(?!\.)", read)
