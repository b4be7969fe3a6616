"""The words of vetting's forms are our own, and trades stand where one finds them."""

import pytest
from django.forms import Field

from partnerships.vetting.forms import (
    AddBusinessForm,
    AnswerForm,
    AppealForm,
    AskForm,
    ClaimForm,
    ConflictForm,
    DecisionForm,
    DeclarationForm,
    ProfileForm,
    ReconcileForm,
    ReviewerForm,
    TrackForm,
    VisitForm,
)
from tests.factories import vetting
from tests.factories.accounts import OfficerFactory
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db


def test_a_field_left_empty_is_asked_for_in_our_words():
    application = vetting.assisted_draft()
    BusinessFactory(organization=application.organization)
    criterion = application.criteria_version.criteria.first()
    officer = OfficerFactory()
    forms = [
        ClaimForm(),
        AddBusinessForm(),
        AppealForm(),
        ConflictForm(),
        DecisionForm(),
        TrackForm(),
        VisitForm(),
        AskForm(application=application),
        ReviewerForm(user=officer, application=application),
        ReconcileForm(criterion=criterion),
        ProfileForm(instance=application, user=officer),
        AnswerForm(instance=application, criterion=criterion),
        DeclarationForm(instance=application),
    ]
    stock = str(Field.default_error_messages["required"])
    left = [
        f"{type(form).__name__}.{name}"
        for form in forms
        for name, field in form.fields.items()
        if field.required and str(field.error_messages["required"]) == stock and name != "version"
    ]
    assert left == []
