"""The track rule and what scores come to, without a database."""

from decimal import Decimal

import pytest

from partnerships.vetting import rules
from partnerships.vetting.first_criteria import CRITERIA, VERSION

STANDARDS = [rules.Standard(each["code"], each["weight"], each["minimum"]) for each in CRITERIA]
THRESHOLD = Decimal(VERSION["threshold"])


def judge(*reviews, **agreed):
    given = [
        dict(zip(["reputation", "community", "values", "capacity"], each, strict=True)) for each in reviews
    ]
    return rules.judge(STANDARDS, given, agreed=agreed, threshold=THRESHOLD)


@pytest.mark.parametrize(
    ("facts", "track", "reasons"),
    [
        ({"sites": 1, "youth": False, "money": False}, "basic", ()),
        ({"sites": 3, "youth": False, "money": False}, "basic", ()),
        ({"sites": 4, "youth": False, "money": False}, "full", ("chain",)),
        ({"sites": 1, "youth": True, "money": False}, "full", ("youth",)),
        ({"sites": 1, "youth": False, "money": True}, "full", ("money",)),
        ({"sites": 14, "youth": True, "money": True}, "full", ("chain", "youth", "money")),
    ],
)
def test_chains_youth_and_money_go_the_full_track(facts, track, reasons):
    choice = rules.pick_track(**facts, limit=3)
    assert (choice.track, choice.reasons) == (track, reasons)


def test_the_weights_of_version_1_make_100_percent_and_nothing_asks_for_money():
    assert sum(each["weight"] for each in CRITERIA) == 100
    assert all(len(each["anchors"]) == 5 for each in CRITERIA)


def test_the_total_is_weighted():
    # 0.3 * 4 + 0.3 * 3 + 0.2 * 2 + 0.2 * 2
    assert judge((4, 3, 2, 2)).total == Decimal("2.90")


def test_one_criterion_below_its_minimum_fails_in_spite_of_a_high_total():
    outcome = judge((4, 4, 1, 4))
    assert outcome.unmet == ("values",)
    assert outcome.reaches_threshold
    assert not outcome.passes


def test_all_at_the_minimum_does_not_reach_the_threshold():
    outcome = judge((2, 2, 2, 2))
    assert outcome.unmet == ()
    assert not outcome.passes


def test_two_reviews_count_by_their_mean():
    outcome = judge((3, 3, 3, 3), (4, 3, 2, 3))
    assert outcome.scores["reputation"] == Decimal("3.50")
    assert outcome.open_gaps == ()


def test_two_points_apart_is_a_gap_until_it_is_agreed():
    assert judge((3, 3, 3, 3), (3, 3, 1, 3)).open_gaps == ("values",)
    settled = judge((3, 3, 3, 3), (3, 3, 1, 3), values=2)
    assert settled.open_gaps == ()
    assert settled.scores["values"] == Decimal("2.00")


def test_a_missing_score_counts_as_nothing_and_is_unmet():
    outcome = rules.judge(STANDARDS, [], threshold=THRESHOLD)
    assert outcome.total == 0
    assert len(outcome.unmet) == 4
