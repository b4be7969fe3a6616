"""The words that rows of this room may hold."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.tones import Toned


class VersionStatus(Toned):
    """Where a version of the criteria stands."""

    DRAFT = "draft", "neutral", _("Draft")
    PUBLISHED = "published", "good", _("Published")
    RETIRED = "retired", "neutral", _("Retired")


class Status(Toned):
    """Where an application stands."""

    DRAFT = "draft", "neutral", _("Draft")
    SUBMITTED = "submitted", "info", _("Submitted")
    IN_REVIEW = "in_review", "info", _("In review")
    ACTION_NEEDED = "action_needed", "warn", _("Action needed")
    APPROVED = "approved", "good", _("Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", "good", _("Approved with conditions")
    DECLINED = "declined", "bad", _("Declined")
    WITHDRAWN = "withdrawn", "neutral", _("Withdrawn")
    APPEALED = "appealed", "info", _("Appealed")


OPEN = (Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.ACTION_NEEDED, Status.APPEALED)
APPROVALS = (Status.APPROVED, Status.APPROVED_WITH_CONDITIONS)
DECIDED = (*APPROVALS, Status.DECLINED)
SENT = tuple(each for each in OPEN if each != Status.DRAFT)  # open, and the department knows of it
RUNNING = (Status.SUBMITTED, Status.IN_REVIEW, Status.APPEALED)  # the department's clock runs


class Step(models.TextChoices):
    """What an application waits for. `rules.next_step` says which it is, `steps.note_step` writes it down."""

    SEND = "send", _("Owner: not sent yet")
    ANSWER = "answer", _("Owner: an answer")
    TAKE = "take", _("Someone to take it")
    SECOND = "second", _("Second reviewer")
    DECLARE = "declare", _("Conflict declarations")
    REVIEW = "review", _("Reviews")
    AGREE = "agree", _("The reviewers, who have to agree")
    DECIDE = "decide", _("Supervisor’s decision")
    CLOSED = "closed", _("Nobody")


# What waits for somebody who was named as a reviewer.
WITH_REVIEWERS = (Step.SECOND, Step.DECLARE, Step.REVIEW, Step.AGREE)


class Track(models.TextChoices):
    """How closely an application is looked at."""

    BASIC = "basic", _("Basic")
    FULL = "full", _("Full")


class TrackReason(models.TextChoices):
    """Why an application goes the full track."""

    CHAIN = "chain", _("covers many sites")
    YOUTH = "youth", _("would work with young people")
    MONEY = "money", _("joint activities would handle money")
    OFFICER = "officer", _("an officer asked for a second reviewer")
    SUPERVISOR = "supervisor", _("a supervisor chose it")


class Offer(models.TextChoices):
    """What a business can offer. Money is not among it."""

    ROOM = "room", _("A room or space to meet")
    PEOPLE = "people", _("People’s time")
    WALL = "wall", _("A wall or window for posters")
    PRINTING = "printing", _("Printing or copying")
    SKILLS = "skills", _("Know-how, such as locks, lights or languages")
    EQUIPMENT = "equipment", _("Equipment to lend")


class AskReason(models.TextChoices):
    """Why an owner is asked for changes."""

    MISSING = "missing", _("Something is missing")
    UNCLEAR = "unclear", _("We did not understand an answer")
    EVIDENCE = "evidence", _("We need something that shows it")
    OUTDATED = "outdated", _("Something has changed since")


class DeclineReason(models.TextChoices):
    """Why an application is declined. Owners read these words."""

    CRITERIA = "criteria", _("One or more of the published criteria are not met yet")
    EVIDENCE = "evidence", _("We could not confirm what the application says")
    LICENSE = "license", _("The license or permit is not current")
    CAPACITY = "capacity", _("There is no one to run the partnership at present")
    OUTSIDE = "outside", _("The business lies outside our service area")
    NOT_AUTHORIZED = "not_authorized", _("We could not confirm that you act for the business")


class Conflict(models.TextChoices):
    """A reviewer's declaration. No reason is asked for and none is kept."""

    UNDECLARED = "", _("Not declared yet")
    PROCEED = "proceed", _("No conflict: proceeds")
    REFER = "refer", _("Refers it to someone else")


class Outcomes(models.TextChoices):
    """What a supervisor may decide."""

    APPROVED = "approved", _("Approve")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("Approve with conditions")
    DECLINED = "declined", _("Decline")


class ConditionStatus(Toned):
    """Where a condition of an approval stands."""

    OPEN = "open", "warn", _("Open")
    MET = "met", "good", _("Met")
    WAIVED = "waived", "neutral", _("Waived")


class EvidenceKind(models.TextChoices):
    """What shows an answer to be true."""

    FILE = "file", _("File")
    LINK = "link", _("Link")
