"""Criteria in Django admin: a draft is edited, a published version is only to look at."""

import pytest
from django.urls import reverse

from partnerships.vetting import services
from partnerships.vetting.models import CriteriaVersion
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = AdminFactory()
    sign_in(client, user)
    client.user = user
    return client


def test_every_page_opens(admin):
    application = vetting.decided()
    version = application.criteria_version
    pages = [
        reverse("admin:vetting_criteriaversion_changelist"),
        reverse("admin:vetting_criteriaversion_change", args=[version.pk]),
        reverse("admin:vetting_selectioncriterion_changelist"),
        reverse("admin:vetting_selectioncriterion_change", args=[version.criteria.first().pk]),
        reverse("admin:vetting_application_changelist") + "?q=Corner",
        reverse("admin:vetting_application_change", args=[application.pk]),
    ]
    for page in pages:
        assert admin.get(page).status_code == 200, page


def test_copy_edit_and_publish(admin):
    first = vetting.first_version()
    actions = reverse("admin:vetting_criteriaversion_changelist")
    admin.post(actions, {"action": "copy", "_selected_action": [first.pk]})
    draft = CriteriaVersion.objects.get(number=2)
    criterion = draft.criteria.get(code="values")
    page = reverse("admin:vetting_selectioncriterion_change", args=[criterion.pk])
    form = admin.get(page).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data |= {"word_0": "against", "title": "Alignment in conduct"}
    assert admin.post(page, data).status_code == 302
    criterion.refresh_from_db()
    assert criterion.anchor(0)["word"] == "against"
    assert criterion.title == "Alignment in conduct"
    admin.post(actions, {"action": "publish", "sure": "yes", "_selected_action": [draft.pk]})
    assert CriteriaVersion.objects.published().get() == draft


def test_a_published_criterion_and_an_application_cannot_be_changed(admin):
    application = vetting.submitted()
    criterion = application.criteria_version.criteria.first()
    page = reverse("admin:vetting_selectioncriterion_change", args=[criterion.pk])
    assert admin.post(page, {"title": "Other"}).status_code == 403
    page = reverse("admin:vetting_application_change", args=[application.pk])
    assert admin.post(page, {"status": "approved"}).status_code == 403
    application.refresh_from_db()
    assert application.status == "submitted"


def test_a_published_version_says_why_it_stays_and_makes_a_new_draft(admin):
    version = vetting.first_version()
    page = reverse("admin:vetting_criteriaversion_change", args=[version.pk])
    criterion = reverse("admin:vetting_selectioncriterion_change", args=[version.criteria.first().pk])
    for address in (page, criterion):
        shown = " ".join(admin.get(address).content.decode().split())
        assert "This version is published. Applications are judged by it" in shown
        assert "copy the version into a new draft, change the draft, and publish it" in shown
    assert f'href="{page}">Open the version' in admin.get(criterion).content.decode()
    assert 'name="_copy"' not in admin.get(criterion).content.decode()
    assert 'name="_copy"' in admin.get(page).content.decode()
    made = admin.post(page, {"_copy": "1"}, follow=True)
    draft = CriteriaVersion.objects.get(status="draft")
    assert made.redirect_chain[-1][0] == reverse("admin:vetting_criteriaversion_change", args=[draft.pk])
    assert "Version 2 is a draft now." in made.content.decode()
    version.refresh_from_db()
    assert version.status == "published"
    draft_page = admin.get(made.redirect_chain[-1][0]).content.decode()
    assert 'name="_copy"' not in draft_page
    assert "is published." not in draft_page
    services.publish_criteria(version=draft, actor=admin.user)
    assert "This version is retired." in admin.get(page).content.decode()


def test_the_draft_keeps_its_number(admin):
    draft = services.copy_criteria(version=vetting.first_version(), actor=admin.user)
    page = reverse("admin:vetting_criteriaversion_change", args=[draft.pk])
    form = admin.get(page).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    assert (
        admin.post(page, {**data, "threshold": "2.75", "number": 9, "status": "published"}).status_code == 302
    )
    draft.refresh_from_db()
    assert (draft.number, draft.status, str(draft.threshold)) == (2, "draft", "2.75")
