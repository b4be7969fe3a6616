"""A version of the criteria never changes once an application was submitted under it."""

import pytest
from django.db import DatabaseError, transaction

from core.access import Refused
from partnerships.vetting import services
from partnerships.vetting.models import CriteriaVersion, SelectionCriterion
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory

pytestmark = pytest.mark.django_db


def test_a_draft_application_does_not_freeze_the_criteria():
    vetting.draft()
    version = vetting.first_version()
    version.criteria.filter(code="values").update(guidance="Clearer words.")
    CriteriaVersion.objects.filter(pk=version.pk).update(threshold="2.40")


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.criteria.filter(code="values").update(weight=25),
        lambda v: v.criteria.filter(code="values").update(guidance="Other words."),
        lambda v: v.criteria.filter(code="values")._raw_delete("default"),
        lambda v: SelectionCriterion.objects.create(version=v, code="money", title="x", weight=1),
        lambda v: CriteriaVersion.objects.filter(pk=v.pk).update(threshold="1.00"),
        lambda v: CriteriaVersion.objects.filter(pk=v.pk).update(promise_working_days=30),
    ],
)
def test_a_submitted_application_freezes_the_criteria(change):
    vetting.submitted()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        change(vetting.first_version())


def test_a_new_version_is_copied_edited_and_published_while_open_applications_keep_theirs():
    application = vetting.submitted()
    admin = AdminFactory()
    draft = services.copy_criteria(version=application.criteria_version, actor=admin)
    assert (draft.number, draft.status, draft.criteria.count()) == (2, "draft", 4)
    draft.criteria.filter(code="values").update(guidance="Clearer words.")
    services.publish_criteria(version=draft, actor=admin)
    before = vetting.first_version()
    assert before.status == "retired"
    assert CriteriaVersion.objects.published().get() == draft
    application.refresh_from_db()
    assert application.criteria_version == before
    assert vetting.draft().criteria_version == draft


def test_weights_that_do_not_make_100_percent_are_not_published():
    admin = AdminFactory()
    draft = services.copy_criteria(version=vetting.first_version(), actor=admin)
    draft.criteria.filter(code="values").update(weight=25)
    with pytest.raises(Refused, match="100 percent"):
        services.publish_criteria(version=draft, actor=admin)
    assert vetting.first_version().status == "published"


def test_only_an_admin_makes_versions():
    with pytest.raises(Refused):
        services.copy_criteria(version=vetting.first_version(), actor=OfficerFactory())
