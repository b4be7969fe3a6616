"""The words of selection criteria, version 1. Migration 0002 writes them once;
later versions are made in the admin.

Each criterion has the guidance that owners read, the question they answer, a note for reviewers, and five
anchors: a short word and a sentence that says what that score looks like. Money is asked for nowhere and
scored nowhere.
"""

from typing import Any

VERSION: dict[str, Any] = {
    "number": 1,
    "title": "Four selection criteria",
    "threshold": "2.50",
    "validity_months": 24,
    "promise_working_days": 10,
    "full_track_above_sites": 3,
    "reviewers_basic": 1,
    "reviewers_full": 2,
}


def _anchor(word: str, sentence: str) -> dict[str, str]:
    return {"word": word, "sentence": sentence}


CRITERIA: list[dict[str, Any]] = [
    {
        "code": "reputation",
        "title": "Reputation and credibility",
        "question": "What do neighbors, customers and other businesses know you for?",
        "guidance": (
            "We look for a business that people can rely on. Tell us how long you have been here, and "
            "who can "
            "speak for you: a neighbor, a block club, a supplier, another shop. A current license or "
            "permit helps. "
            "Customer reviews are welcome, and a new business can show what it did before."
        ),
        "reviewer_note": (
            "Check the license and call a reference. Judge what you saw, read or were told by someone "
            "you can name. "
            "Rumor, a complaint about police, or a lawsuit is not evidence."
        ),
        "anchors": [
            _anchor("none", "Nothing could be confirmed, or what was claimed turned out to be untrue."),
            _anchor(
                "doubtful",
                "A license or reference is missing or lapsed, or important statements do not fit together.",
            ),
            _anchor(
                "sound",
                "The license is current and one independent person or record confirms the business.",
            ),
            _anchor(
                "strong",
                "The license is current and several independent people or records speak well of it.",
            ),
            _anchor(
                "model",
                "Known well beyond its block for keeping its word, with evidence over several years.",
            ),
        ],
        "weight": 30,
        "minimum": 2,
    },
    {
        "code": "community",
        "title": "Commitment to community",
        "question": "What do you already do for the people around you, and what would you like to do?",
        "guidance": (
            "Small things count: a safe place to wait, a clean sidewalk, a job for a neighbor, a hand "
            "at a block party. "
            "Tell us what you have done in the last two years and one thing you would like to do with "
            "us. "
            "Giving money is not asked for and never counts."
        ),
        "reviewer_note": (
            "Judge time, care and steadiness for the size of the business. "
            "Donations and sponsorship play no part, neither for nor against."
        ),
        "anchors": [
            _anchor("none", "No activity for others and no idea of one."),
            _anchor("stated", "An intention is stated, but no step toward it can be shown."),
            _anchor(
                "some",
                "At least one activity in the last two years, or a concrete plan with a date and a person.",
            ),
            _anchor("steady", "Takes part regularly, and neighbors or partners confirm it."),
            _anchor(
                "leading",
                "Starts things itself and brings others in, with results that people can point to.",
            ),
        ],
        "weight": 30,
        "minimum": 2,
    },
    {
        "code": "values",
        "title": "Alignment of values",
        "question": "How do you keep people safe, treat customers fairly, and keep your promises?",
        "guidance": (
            "This is about conduct only, three things: safety practice, fair treatment of customers, "
            "and keeping promises. "
            "Tell us how you keep exits clear and staff trained, how you make sure every customer gets "
            "the same service, "
            "and what you do when something went wrong. Your politics, what you say in public, "
            "complaints about police "
            "and lawsuits play no part."
        ),
        "reviewer_note": (
            "Score conduct only: safety practice, fair treatment of customers, keeping of promises. "
            "Politics, speech, complaints about police and lawsuits are excluded. "
            "Do not look for them, do not note them, do not weigh them."
        ),
        "anchors": [
            _anchor("contrary", "Customers are treated unfairly, or a known hazard is left as it is."),
            _anchor(
                "unclear",
                "No practice could be described or seen, or promises were broken without being made good.",
            ),
            _anchor(
                "fair",
                "Basic safety practice and equal treatment are described and nothing seen speaks "
                "against them.",
            ),
            _anchor("clear", "Practice is visible on a visit: staff know it, and mistakes are put right."),
            _anchor(
                "exemplary",
                "Safety and fair treatment are written down, trained and checked, and others copy them.",
            ),
        ],
        "weight": 20,
        "minimum": 2,
    },
    {
        "code": "capacity",
        "title": "Capacity and resources",
        "question": "What can you give to a partnership: time, people, a room, know-how?",
        "guidance": (
            "An hour a month is enough. Tell us who would be our contact, when they are free, and what "
            "you could share: "
            "a meeting room, a wall for posters, staff who join a training, a skill, a printer. "
            "Money is not a resource here. It is not asked for and never counts."
        ),
        "reviewer_note": (
            "Judge whether the business can do what it offers, for its size. A small offer that will be "
            "kept is enough. "
            "Leave out money and gifts of any kind."
        ),
        "anchors": [
            _anchor("none", "Nobody could be named and nothing is offered."),
            _anchor("thin", "Good will, but no person or time for it at present."),
            _anchor("enough", "One named contact and a modest offer that the business can keep."),
            _anchor(
                "solid", "A contact with a stand-in and an offer that was tried before or seen on a visit."
            ),
            _anchor(
                "ample",
                "Several people and resources are ready, and can also carry joint activities of others.",
            ),
        ],
        "weight": 20,
        "minimum": 2,
    },
]
