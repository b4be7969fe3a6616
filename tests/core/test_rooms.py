"""What rooms offer is found by the names of files; what is misspelled is named before anything starts."""

import sys
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import rooms as wiring
from config.celery import app as celery
from core import rooms
from core.checks import rooms_offer_what_is_read
from core.mail import emails
from core.mail.checks import names_stand_once, one_room_says_whose_mail_it_is
from core.mail.emails import DIGEST, TEST
from core.mail.outbox import Wanted


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Add a room of some files to the house: `room("annex", reminders="SOURCES = []")`."""
    monkeypatch.syspath_prepend(tmp_path)

    def add(name, **files):
        folder = tmp_path / name
        folder.mkdir()
        for each, text in {"__init__": "", **files}.items():
            (folder / f"{each}.py").write_text(text)
        monkeypatch.setattr(wiring, "ROOMS", [name, *wiring.ROOMS])
        return name

    yield add
    for name in [each for each in sys.modules if each.startswith("annex")]:
        del sys.modules[name]
    rooms.file.cache_clear()


def faults():
    return [(each.msg, each.hint) for each in rooms_offer_what_is_read(None)]


def test_what_the_rooms_offer_today_is_in_order():
    assert faults() == []
    assert names_stand_once(None) == one_room_says_whose_mail_it_is(None) == []


def test_a_room_without_files_offers_nothing(room):
    name = room("annex1")
    assert rooms.names()[0] == name
    assert faults() == []
    offered = {(file, what) for file, offer in rooms.OFFERS.items() for what in (*offer.needs, *offer.may)}
    assert not [each for each in offered if name in dict(rooms.offered(*each))]


def test_what_a_room_offers_is_found_by_the_name_of_its_file(room):
    name = room("annex2", health="def checks(now):\n    return []\n")
    assert name in dict(rooms.offered("health", "checks"))
    assert faults() == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("reminder", "reminders"), ("privcy", "privacy"), ("email", "emails"), ("permission", "permissions"),
        ("storys", "story"), ("task", "tasks"), ("scopes", "scope"), ("healt", "health"), ("url", "urls"),
    ],
)  # fmt: skip
def test_a_misspelled_file_is_named(room, wrong, right):
    name = room(f"annex_{wrong}", **{wrong: ""})
    ((fault, hint),) = faults()
    assert fault == f"{name}/{wrong}.py is read by nobody."
    assert f"Call it {right}.py" in hint


def test_a_file_without_what_it_is_read_for_is_named(room):
    name = room("annex3", reminders="REMINDER_RULES = []\n")
    assert [fault for fault, _hint in faults()] == [f"{name}/reminders.py has no SOURCES."]


def test_a_misspelled_name_in_a_file_is_named(room):
    name = room("annex4", emails="MAIL = []\n")
    (lacking, _what), (wrong, hint) = faults()
    assert lacking == f"{name}/emails.py has no MAILS."
    assert (wrong, hint) == (f"{name}/emails.py has MAIL, which is read by nobody.", "Call it MAILS.")


def test_a_file_that_offers_none_of_its_names_is_named(room):
    name = room("annex5", urls="desk_url = []\n")
    assert [fault for fault, _hint in faults()] == [
        f"{name}/urls.py has no public_urls or portal_urls or desk_urls.",
        f"{name}/urls.py has desk_url, which is read by nobody.",
    ]


def test_a_room_that_is_not_there_is_named(monkeypatch):
    monkeypatch.setattr(wiring, "ROOMS", ["annex6", *wiring.ROOMS])
    assert [fault for fault, _hint in faults()] == ["ROOMS names annex6, which can't be imported."]


def test_a_fault_inside_a_file_is_not_taken_for_its_absence(room):
    name = room("annex7", reminders="import nowhere_at_all\n")
    with pytest.raises(ModuleNotFoundError, match="nowhere_at_all"):
        rooms.file(name, "reminders")


def test_no_two_rooms_say_whose_mail_someone_sees(room):
    name = room("annex8", scope="def mail_organizations(user):\n    return ()\n")
    (fault,) = one_room_says_whose_mail_it_is(None)
    assert (fault.id, name in fault.msg) == ("mail.E012", True)
    with pytest.raises(ImproperlyConfigured):
        rooms.the_one("scope", "mail_organizations")


def test_a_mail_that_stands_twice_stops_the_start(room):
    room("annex9", emails="from core.mail.emails import TEST\nMAILS = [TEST]\n")
    (fault,) = names_stand_once(None)
    assert (fault.id, fault.msg) == ("mail.E010", f"2 mails have the template {TEST.template}.")


def test_a_source_of_reminders_that_stands_twice_stops_the_start(room):
    for name in ("annex10", "annex11"):
        room(name, reminders="from tests.core.sample_room.reminders import SOURCES\n")
    found = names_stand_once(None)
    assert found
    assert all("sources of reminders have the key sample_room.day" in each.msg for each in found)


def test_two_checks_of_one_name_stop_the_start(monkeypatch):
    twin = replace(TEST, template="mail/twin", wanted=Wanted(DIGEST.wanted.name, lambda mail: True))
    monkeypatch.setattr(emails, "MAILS", [*emails.MAILS, twin])
    (fault,) = names_stand_once(None)
    assert fault.id == "mail.E010"
    assert DIGEST.wanted.name in fault.msg


def test_beat_asks_for_what_the_rooms_want():
    celery.finalize()
    wanted = {
        name: entry for _room, entries in rooms.offered("tasks", "BEAT") for name, entry in entries.items()
    }
    assert wanted
    assert celery.conf.beat_schedule.keys() == wanted.keys()
    assert {each["task"] for each in celery.conf.beat_schedule.values()} <= celery.tasks.keys()
