"""The history of a row and the audit tell states, roles and kinds of rows in words, and no code."""

import re
from html import unescape

import pytest
from django.urls import reverse

from accounts import services as accounts
from core.models import AuditEntry
from partnerships.businesses import services
from tests.factories import vetting
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in
from tests.factories.businesses import BusinessFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def inside(client):
    return sign_in(client, AdminFactory())


def told(client, row):
    """What the history of a row says of each thing that was done: what, its detail, and the row's kind."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    page = client.get(reverse(name, args=[row.pk]))
    return {(line.what, line.detail, line.kind) for line in page.context["lines"]}


def test_moves_are_told_by_their_label_or_by_where_they_led_and_states_by_theirs(inside):
    reviewer = OfficerFactory(full_name="Dana Reyes", title="Officer")
    application = vetting.reviewed(reviewers=[reviewer])
    vetting.services.decide_application(
        application=application, outcome="approved", letter=vetting.LETTER, actor=SupervisorFactory()
    )
    found = told(inside, application.organization)
    assert ("Send the application", "Draft → Submitted", "Application") in found
    assert ("Approve", "In review → Approved", "Application") in found
    assert ("Organization: Partner", "Applicant → Partner", "Organization") in found
    assert ("Reviewer named", "Officer Dana Reyes", "Review") in found
    codes = re.compile(r"in_review|become_partner|\buser \d|draft →")
    assert [each for each in found if codes.search(" ".join(each))] == []


def test_roles_are_told_by_their_name(inside):
    shop, user = BusinessFactory(), UserFactory()
    services.add_membership(organization=shop.organization, user=user, role="owner", actor=None)
    assert ("Member added", "Owner", "Membership") in told(inside, shop.organization)
    accounts.set_role(user=user, role="officer", actor=None)
    assert ("Role changed", "Business member → Community liaison officer", "User") in told(inside, user)


def test_a_kind_of_row_of_two_words_is_told_in_two(inside):
    row = vetting.first_version().criteria.first()
    AuditEntry.objects.create(
        verb="vetting.selectioncriterion_changed", target_type="vetting.selectioncriterion", target_id=row.pk
    )
    assert any(what == "Selection criterion changed" for what, _detail, _kind in told(inside, row))


def test_what_no_model_knows_is_told_as_it_is(inside):
    entry = AuditEntry.objects.create(verb="tools.tool_lent", target_type="tools.tool", target_id="7")
    page = inside.get(reverse("admin:core_auditentry_changelist"), {"q": "tool_lent"})
    assert entry in page.context["cl"].result_list
    assert "Tool lent" in page.content.decode()


def test_the_audit_tells_the_same_and_keeps_the_code_to_search_for(inside):
    member = MembershipFactory(business=BusinessFactory(), user=UserFactory(), role="owner")
    vetting.in_review(reviewers=[OfficerFactory(full_name="Dana Reyes", title="Officer")])
    services.change_membership(membership=member, role="owner", sites=None, actor=None)
    page = unescape(inside.get(reverse("admin:core_auditentry_changelist")).content.decode())
    drawn = {
        name: set(re.findall(rf'class="field-{name}[^"]*">(.*?)</t[dh]>', page))
        for name in ("done", "kind", "why")
    }
    assert "Start the review<br><small>vetting.application_start_review</small>" in drawn["done"]
    assert {"Application", "Membership", "Review"} <= drawn["kind"]
    assert {"Submitted → In review", "Owner", "Officer Dana Reyes"} <= drawn["why"]


def test_the_page_of_one_entry_says_it_in_words_too(inside):
    shop = BusinessFactory(name="Harbor Bakery")
    member = MembershipFactory(business=shop, user=UserFactory(), role="owner")
    vetting.in_review(reviewers=[OfficerFactory(full_name="Dana Reyes", title="Officer")])
    services.change_membership(membership=member, role="owner", sites=None, actor=None)
    drawn = {}
    for entry in AuditEntry.objects.filter(
        verb__in=["vetting.application_start_review", "businesses.member_changed"]
    ):
        page = inside.get(reverse("admin:core_auditentry_change", args=[entry.pk])).content.decode()
        drawn[entry.verb] = unescape(re.sub(r"<[^>]*>", " ", page))
    moved, changed = drawn["vetting.application_start_review"], drawn["businesses.member_changed"]
    assert "Start the review" in moved
    assert "Submitted → In review" in moved
    assert "Role, " in changed
    assert "[&" not in changed
    assert "['role'" not in changed
