"""Roles and accounts change through services that ask the guards and leave one audit row."""

import pytest
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from core.access import Refused
from core.models import AuditEntry
from core.roles import Role
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, UserFactory, sign_in

pytestmark = pytest.mark.django_db


def test_an_admin_changes_a_role_and_leaves_one_audit_row():
    user, admin = OfficerFactory(), AdminFactory()
    services.set_role(user=user, role=Role.SUPERVISOR, actor=admin)
    user.refresh_from_db()
    assert user.role == Role.SUPERVISOR
    row = AuditEntry.objects.get(verb="accounts.role_changed")
    assert (row.actor_id, row.target_id, row.changed, row.detail) == (
        admin.pk,
        str(user.pk),
        ["role"],
        "officer → supervisor",
    )


@pytest.mark.parametrize("make", [UserFactory, OfficerFactory, SupervisorFactory])
def test_nobody_but_an_admin_changes_roles(make):
    user = UserFactory()
    with pytest.raises(Refused):
        services.set_role(user=user, role=Role.ADMIN, actor=make())
    user.refresh_from_db()
    assert user.role == Role.MEMBER
    assert not AuditEntry.objects.filter(verb="accounts.role_changed").exists()


def test_an_admin_can_neither_demote_nor_close_themselves():
    admin = AdminFactory()
    with pytest.raises(Refused):
        services.set_role(user=admin, role=Role.MEMBER, actor=admin)
    with pytest.raises(Refused):
        services.deactivate_user(user=admin, actor=admin)


def test_there_is_no_role_but_the_five():
    with pytest.raises(Refused):
        services.set_role(user=UserFactory(), role="root", actor=AdminFactory())


def test_the_same_role_again_leaves_no_audit_row():
    services.set_role(user=OfficerFactory(), role=Role.OFFICER, actor=AdminFactory())
    assert not AuditEntry.objects.filter(verb="accounts.role_changed").exists()


def test_an_account_is_closed_and_opened_again():
    user, admin = OfficerFactory(), AdminFactory()
    assert not services.deactivate_user(user=user, actor=admin).is_active
    assert services.reactivate_user(user=user, actor=admin).is_active
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.user_deactivated", "accounts.user_reactivated"]


def test_people_change_their_own_name_but_nothing_that_decides():
    user = UserFactory(full_name="Rosa Diaz")
    services.update_user(user=user, changes={"full_name": "Rosa Cruz"}, actor=user)
    user.refresh_from_db()
    assert user.full_name == "Rosa Cruz"
    for field, value in (
        ("role", "admin"),
        ("is_active", False),
        ("email", "x@y.example"),
        ("is_demo", True),
    ):
        with pytest.raises(TypeError, match=field):
            services.update_user(user=user, changes={field: value}, actor=user)


def test_people_change_nobody_elses_name():
    with pytest.raises(Refused):
        services.update_user(user=UserFactory(), changes={"full_name": "Eve"}, actor=OfficerFactory())


def test_an_address_has_one_account_whatever_its_case():
    UserFactory(email="rosa@shop.example")
    with pytest.raises(Refused):
        services.add_user(email="ROSA@shop.example", full_name="Eve", role=Role.OFFICER, actor=AdminFactory())
    assert User.objects.filter(email__iexact="rosa@shop.example").count() == 1


def test_a_lost_second_factor_is_taken_off_by_an_admin_only():
    user = OfficerFactory(totp=True)
    with pytest.raises(Refused):
        services.reset_second_factor(user=user, actor=SupervisorFactory())
    services.reset_second_factor(user=user, actor=AdminFactory())
    assert not user.authenticator_set.exists()
    assert AuditEntry.objects.filter(verb="accounts.second_factor_reset").count() == 1


def test_a_closed_account_that_is_opened_again_needs_a_new_sign_in_and_nobody_else_does():
    admin, user, other = AdminFactory(), UserFactory(), UserFactory()
    theirs, stays = sign_in(Client(), user), sign_in(Client(), other)
    services.deactivate_user(user=user, actor=admin)
    services.reactivate_user(user=user, actor=admin)
    settings_page = reverse("account_settings")
    assert theirs.get(settings_page).status_code == 302
    assert stays.get(settings_page).status_code == 200


def test_a_sign_in_under_way_while_the_account_was_closed_is_not_there_when_it_is_opened_again(rf):
    user, admin = UserFactory(), AdminFactory()
    request = rf.get("/")
    request.session = SessionStore()
    loaded = User.objects.get(pk=user.pk)
    services.deactivate_user(user=user, actor=admin)
    login(request, loaded, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.save()
    browser = Client()
    browser.cookies["sessionid"] = request.session.session_key
    services.reactivate_user(user=user, actor=admin)
    assert browser.get(reverse("portal:home")).status_code == 302


def test_taking_off_a_second_factor_ends_the_sessions():
    officer = OfficerFactory()
    browser = sign_in(Client(), officer)
    assert browser.get(reverse("desk:events")).status_code == 200
    services.reset_second_factor(user=officer, actor=AdminFactory())
    answer = browser.get(reverse("desk:events"))
    assert answer.url.startswith(reverse("account_login"))
