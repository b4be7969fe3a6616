"""What config/rooms.py names for mail: all of it is there, and no name stands twice."""

from dataclasses import replace

import pytest

from config import rooms
from core.mail import emails
from core.mail.checks import mail_paths_exist
from core.mail.emails import DIGEST, TEST
from core.mail.outbox import Wanted


def faults():
    return [(each.id, each.msg) for each in mail_paths_exist(None)]


def test_what_the_rooms_name_today_is_in_order():
    assert faults() == []


@pytest.mark.parametrize("name", ["MAILS", "REMINDER_SOURCES"])
def test_a_list_that_can_not_be_imported_stops_the_start(monkeypatch, name):
    monkeypatch.setattr(rooms, name, [*getattr(rooms, name), "events.catalog.MAILZ"])
    ((fault, words),) = faults()
    assert fault == "mail.E005"
    assert "events.catalog.MAILZ" in words


@pytest.mark.parametrize("name", ["PRIVACY_EXPORTERS"])
def test_a_function_that_can_not_be_imported_stops_the_start(monkeypatch, name):
    monkeypatch.setitem(getattr(rooms, name), "more", "events.nowhere.at_all")
    ((fault, words),) = faults()
    assert fault == "mail.E005"
    assert "events.nowhere.at_all" in words


@pytest.mark.parametrize("name", ["MAIL_SCOPE", "MAIL_REPLY_TO"])
def test_a_single_path_that_can_not_be_imported_stops_the_start(monkeypatch, name):
    monkeypatch.setattr(rooms, name, "events.nowhere.at_all")
    assert [fault for fault, _words in faults()] == ["mail.E005"]


@pytest.mark.parametrize(
    ("name", "words"), [("MAILS", "have the template events/"), ("REMINDER_SOURCES", "have the key events.")]
)
def test_a_name_that_stands_twice_stops_the_start(monkeypatch, name, words):
    twice = next(path for path in getattr(rooms, name) if path.startswith("events."))
    monkeypatch.setattr(rooms, name, [*getattr(rooms, name), twice])
    found = faults()
    assert {fault for fault, _words in found} == {"mail.E010"}
    assert words in found[0][1]


def test_two_checks_of_one_name_stop_the_start(monkeypatch):
    twin = replace(TEST, template="mail/twin", wanted=Wanted(DIGEST.wanted.name, lambda mail: True))
    monkeypatch.setattr(emails, "MAILS", [*emails.MAILS, twin])
    ((fault, words),) = faults()
    assert fault == "mail.E012"
    assert DIGEST.wanted.name in words
