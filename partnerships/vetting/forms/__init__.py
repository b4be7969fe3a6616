"""What people type into vetting's pages."""

from .answers import AnswerForm, AppealForm, RequestForm
from .desk import (
    AskForm,
    AssistForm,
    ConflictForm,
    DecisionForm,
    ReconcileForm,
    ReviewerForm,
    TrackForm,
    VisitForm,
    WaiveForm,
)
from .portal import AddBusinessForm, ClaimForm, DeclarationForm, PartForm, ProfileForm
from .review import ReviewForm

__all__ = [
    "AddBusinessForm",
    "AnswerForm",
    "AppealForm",
    "AskForm",
    "AssistForm",
    "ClaimForm",
    "ConflictForm",
    "DecisionForm",
    "DeclarationForm",
    "PartForm",
    "ProfileForm",
    "ReconcileForm",
    "RequestForm",
    "ReviewForm",
    "ReviewerForm",
    "TrackForm",
    "VisitForm",
    "WaiveForm",
]
