"""Vetting: published criteria, applications, reviews and decisions."""

from .applications import ActionRequest, Answer, Application, Evidence
from .criteria import CriteriaVersion, SelectionCriterion
from .reviews import Condition, Decision, Reconciliation, Review, Score

__all__ = [
    "ActionRequest",
    "Answer",
    "Application",
    "Condition",
    "CriteriaVersion",
    "Decision",
    "Evidence",
    "Reconciliation",
    "Review",
    "Score",
    "SelectionCriterion",
]
