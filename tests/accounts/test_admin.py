"""Django admin under our rules: for admins, through the services, history and statuses to look at only."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import emails, services
from accounts.models import User
from core.adminsite.base import RegistryAdmin
from core.mail.models import OutgoingMail
from core.models import AuditEntry, Department
from core.roles import Role
from tests.adminpages import change
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(client):
    user = AdminFactory(full_name="Alex Boss")
    sign_in(client, user)
    return user


def user_form(**changes):
    districts = {"district_assignments-TOTAL_FORMS": "0", "district_assignments-INITIAL_FORMS": "0"}
    return {"full_name": "Dana Reyes", "role": "officer", "language": "en", **districts, **changes}


def test_only_our_own_admins_are_registered():
    assert all(isinstance(each, RegistryAdmin) for each in admin.site._registry.values())
    names = {model._meta.label for model in admin.site._registry}
    assert not names & {"mfa.Authenticator", "account.EmailAddress", "auth.Group", "admin.LogEntry"}


def test_the_first_page_bears_the_departments_name_and_is_grouped_by_room(client, boss):
    Department.objects.create(pk=1, name="Springfield Police Department")
    page = client.get("/admin/")
    assert "Springfield Police Department" in page.content.decode()
    apps = [each["app_label"] for each in page.context["app_list"]]
    assert apps == ["accounts", "businesses", "vetting", "events", "mail", "core"]


@pytest.mark.parametrize("make", [UserFactory, OfficerFactory, SupervisorFactory])
def test_nobody_else_enters(client, make):
    sign_in(client, make())
    for path in (
        "/admin/",
        reverse("admin:accounts_user_changelist"),
        reverse("admin:core_auditentry_changelist"),
    ):
        assert client.get(path).status_code == 403


def test_people_are_found_by_name_address_and_badge(client, boss):
    wanted = OfficerFactory(full_name="Dana Reyes", badge_number="4471")
    OfficerFactory(full_name="Sam Other")
    for words in ("reyes", wanted.email, "4471"):
        page = client.get(reverse("admin:accounts_user_changelist"), {"q": words})
        assert [row.pk for row in page.context["cl"].result_list] == [wanted.pk]


def test_a_longer_list_of_people_asks_the_database_no_more(client, boss):
    people = reverse("admin:accounts_user_changelist")
    client.get(people)  # what is asked once for every page
    with CaptureQueriesContext(connection) as few:
        client.get(people)
    UserFactory.create_batch(10)
    with CaptureQueriesContext(connection) as many:
        page = client.get(people)
    assert page.context["cl"].result_count >= 11
    assert len(many) == len(few)


def test_a_role_changes_through_the_service(client, boss):
    user = OfficerFactory(full_name="Dana Reyes")
    change(
        client,
        reverse("admin:accounts_user_change", args=[user.pk]),
        user_form(role="supervisor", title="Sergeant"),
    )
    user.refresh_from_db()
    assert (user.role, user.title) == (Role.SUPERVISOR, "Sergeant")
    verbs = AuditEntry.objects.filter(target_type="accounts.user", target_id=str(user.pk), actor_id=boss.pk)
    assert sorted(verbs.values_list("verb", flat=True)) == ["accounts.role_changed", "accounts.user_changed"]


def test_an_admin_can_not_post_themselves_another_role(client, boss):
    change(client, reverse("admin:accounts_user_change", args=[boss.pk]), user_form(role="member"))
    boss.refresh_from_db()
    assert boss.role == Role.ADMIN


def test_what_is_shown_only_can_not_be_posted(client, boss):
    user = OfficerFactory()
    change(
        client,
        reverse("admin:accounts_user_change", args=[user.pk]),
        user_form(is_active="", email="eve@evil.example", is_demo="on", is_superuser="on", password="x"),
    )
    changed = User.objects.get(pk=user.pk)
    assert (changed.is_active, changed.email, changed.is_demo) == (True, user.email, False)


def test_a_new_officer_is_added_without_a_password(client, boss):
    done = client.post(
        reverse("admin:accounts_user_add"), user_form(email="New@Police.example", title="Officer")
    )
    assert done.status_code == 302
    user = User.objects.get(email="new@police.example")
    assert (user.role, user.title, user.has_usable_password()) == (Role.OFFICER, "Officer", False)
    assert AuditEntry.objects.filter(verb="accounts.user_added", target_id=str(user.pk)).count() == 1


def test_a_new_officer_is_mailed_how_to_sign_in_and_the_admin_is_told_so(client, boss):
    page = client.post(
        reverse("admin:accounts_user_add"),
        user_form(email="new@police.example", title="Officer", _continue=""),
        follow=True,
    )
    assert "new@police.example" in " ".join(str(each) for each in page.context["messages"])
    mail = OutgoingMail.objects.get(to="new@police.example")
    assert mail.template == "accounts/welcome"
    for part in ("Officer Dana Reyes", "new@police.example", reverse("account_login"), "authenticator app"):
        assert part in mail.text, part
    assert emails.WELCOME.wanted.holds(mail)
    User.objects.filter(email="new@police.example").update(is_active=False)
    assert not emails.WELCOME.wanted.holds(mail)


def test_a_new_owner_is_told_of_no_authenticator_app(boss):
    services.add_user(email="rosa@shop.example", full_name="Rosa Diaz", role=Role.MEMBER, actor=boss)
    assert "authenticator" not in OutgoingMail.objects.get(to="rosa@shop.example").text


def test_an_address_that_is_taken_is_told_in_the_form(client, boss):
    user = UserFactory()
    page = client.post(reverse("admin:accounts_user_add"), user_form(email=user.email.upper()))
    assert page.status_code == 200
    assert page.context["errors"]


def test_chosen_accounts_are_closed_but_not_ones_own(client, boss):
    user = OfficerFactory()
    client.post(
        reverse("admin:accounts_user_changelist"),
        {"action": "deactivate", "sure": "yes", "_selected_action": [user.pk, boss.pk]},
    )
    user.refresh_from_db()
    boss.refresh_from_db()
    assert (user.is_active, boss.is_active) == (False, True)


@pytest.mark.parametrize("name", ["accounts_user", "core_auditentry", "core_department"])
def test_nothing_is_deleted_here(client, boss, name):
    Department.objects.create(pk=1)
    target = {"accounts_user": UserFactory().pk, "core_department": 1}.get(name) or AuditEntry.objects.create(
        verb="x.y", actor_label="test"
    ).pk
    assert client.post(reverse(f"admin:{name}_delete", args=[target]), {"post": "yes"}).status_code == 403


def test_the_audit_is_read_and_searched_but_never_written(client, boss):
    row = AuditEntry.objects.create(verb="vetting.application_submitted", actor_label="Rosa")
    page = client.get(reverse("admin:core_auditentry_changelist"), {"q": "application_submitted"})
    assert [each.pk for each in page.context["cl"].result_list] == [row.pk]
    assert client.get(reverse("admin:core_auditentry_change", args=[row.pk])).status_code == 200
    assert client.get(reverse("admin:core_auditentry_add")).status_code == 403
    answer = client.post(reverse("admin:core_auditentry_change", args=[row.pk]), {"verb": "forged"})
    assert answer.status_code == 403


def test_the_departments_settings_are_one_page_and_audited(client, boss):
    listed = client.get(reverse("admin:core_department_changelist"))
    assert listed.url == reverse("admin:core_department_change", args=[1])
    form = client.get(listed.url).context["adminform"].form
    values = {name: form.initial.get(name) or "" for name in form.fields}
    values |= {"days_off-TOTAL_FORMS": "0", "days_off-INITIAL_FORMS": "0"}
    values["version"] = form["version"].value()
    client.post(listed.url, {**values, "name": "Springfield Police Department"})
    assert Department.current().name == "Springfield Police Department"
    assert AuditEntry.objects.get(verb="core.department_changed").changed == ["name"]
    assert client.get(reverse("admin:core_department_add")).status_code == 403


@pytest.mark.parametrize(("color", "told"), [("#162E51", "1.0 to 1"), ("#ffbc78", ""), ("", "")])
def test_an_accent_color_that_the_bar_swallows_is_said_with_its_contrast_and_what_is_drawn(
    client, boss, color, told
):
    url = client.get(reverse("admin:core_department_changelist")).url
    form = client.get(url).context["adminform"].form
    values = {name: form.initial.get(name) or "" for name in form.fields}
    values |= {"days_off-TOTAL_FORMS": "0", "days_off-INITIAL_FORMS": "0", "_continue": ""}
    values |= {"version": form["version"].value(), "accent_color": color}
    page = client.post(url, values, follow=True)
    said = " ".join(str(each) for each in page.context["messages"])
    assert ("3 to 1 is needed" in said) == bool(told)
    assert told in said
    assert Department.current().accent_color == color


def test_a_persons_history_shows_what_was_done_and_leads_to_the_audit(client, boss):
    officer = OfficerFactory(title="Officer")
    services.update_user(user=officer, changes={"title": "Sergeant"}, actor=boss)
    page = client.get(reverse("admin:accounts_user_history", args=[officer.pk]))
    assert [each.what for each in page.context["lines"]][0] == "User changed"
    assert b"Sergeant" in page.content
    audit = client.get(page.context["audit_url"])
    assert {row.target_id for row in audit.context["cl"].result_list} == {str(officer.pk)}
