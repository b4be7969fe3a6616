"""Gate 31 and its kin: staff without a second factor reach nothing of the desk or the admin."""

import time

import pytest
from django.core.cache import cache
from django.test import Client, override_settings
from django.urls import get_resolver, reverse

from accounts import services
from core.mail.models import OutgoingMail
from core.models import AuditEntry
from core.roles import Role
from tests.access.urls import every_url, sample_path
from tests.factories.accounts import (
    AdminFactory,
    OfficerFactory,
    UserFactory,
    add_records,
    set_up_totp,
    sign_in,
    totp_code,
)
from tests.factories.events import EventFactory

pytestmark = pytest.mark.django_db
DESK = "/desk/events/"
STAFF = [Role.OFFICER, Role.SUPERVISOR, Role.VIEWER, Role.ADMIN]


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def staff_addresses():
    return [
        (name, sample_path(name, pattern))
        for name, pattern in every_url(get_resolver())
        if name.startswith(("desk:", "admin:"))
    ]


@pytest.mark.gate(31)
@pytest.mark.parametrize("role", STAFF)
def test_staff_who_set_up_no_second_factor_are_sent_to_set_one_up(role, client):
    user = UserFactory(role=role)
    sign_in(client, user, second_factor=False)
    for name, path in staff_addresses():
        for method in (client.get, client.post):
            answer = method(path)
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer.url.startswith(reverse("mfa_activate_totp")), (name, answer.url)


@pytest.mark.gate(31)
@pytest.mark.parametrize("role", STAFF)
def test_staff_who_did_not_show_it_in_this_session_are_asked_for_it(role, client):
    user = UserFactory(role=role, totp=True)
    sign_in(client, user, second_factor=False)
    for name, path in staff_addresses():
        for method in (client.get, client.post):
            answer = method(path)
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer.url.startswith(reverse("mfa_reauthenticate")), (name, answer.url)


@pytest.mark.django_db(transaction=True)  # it is noted once the app is stored
def test_the_code_that_sets_up_the_app_shows_it_too_and_the_recovery_codes_follow_at_once(client):
    user = UserFactory(role=Role.OFFICER)
    sign_in(client, user, second_factor=False)
    page = client.get(reverse("mfa_activate_totp"))
    code = _code_of(page.context["form"].secret)
    answer = client.post(reverse("mfa_activate_totp"), {"code": code})
    assert answer.url == reverse("mfa_view_recovery_codes")
    codes = client.get(answer.url)
    assert codes.status_code == 200
    assert codes.context["unused_codes"][0] in codes.content.decode()
    assert client.get(DESK).status_code == 200


def test_a_wrong_code_sets_up_nothing_and_shows_nothing(client):
    user = UserFactory(role=Role.OFFICER)
    sign_in(client, user, second_factor=False)
    client.get(reverse("mfa_activate_totp"))
    client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert client.get(DESK).url.startswith(reverse("mfa_activate_totp"))


@pytest.mark.django_db(transaction=True)
def test_another_session_of_theirs_still_has_to_show_it(client):
    user, other = UserFactory(role=Role.OFFICER), Client()
    sign_in(client, user, second_factor=False)
    sign_in(other, user, second_factor=False)
    code = _code_of(client.get(reverse("mfa_activate_totp")).context["form"].secret)
    client.post(reverse("mfa_activate_totp"), {"code": code})
    assert other.get(DESK).url.startswith(reverse("mfa_reauthenticate"))


def test_a_forged_method_name_is_no_second_factor(client):
    user = OfficerFactory(totp=True)
    sign_in(client, user, second_factor=False)
    add_records(client, user, ("password", {}), ("code", {}))
    assert client.get(DESK).status_code == 302


def test_the_records_of_another_account_do_not_count(client):
    user, other = OfficerFactory(totp=True), OfficerFactory(totp=True)
    sign_in(client, user, second_factor=False)
    add_records(client, other, ("mfa", {"type": "totp"}))
    assert client.get(DESK).status_code == 302


def test_a_second_factor_lasts_one_shift(client):
    user = OfficerFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=12 * 3600 + 5)
    assert client.get(DESK).url.startswith(reverse("mfa_reauthenticate"))


def test_a_remembered_device_skips_the_code_for_a_shift_and_no_longer(client):
    user = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    _sign_in_for_real(client, user, trust=True)
    client.post(reverse("account_logout"))
    again = client.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    assert again.url == reverse("account_home")
    assert client.get(DESK).status_code != 302
    with override_settings(MFA_TRUST_COOKIE_AGE=0):
        assert client.get(DESK).url.startswith(reverse("mfa_reauthenticate"))


def test_a_remembered_device_is_one_persons(client):
    first = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    second = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    _sign_in_for_real(client, first, trust=True)
    client.post(reverse("account_logout"))
    step = client.post(
        reverse("account_login"), {"login": second.email, "password": "a long sentence nobody else uses"}
    )
    assert step.url == reverse("mfa_authenticate")


def test_the_admin_asks_again_on_a_remembered_device(client):
    user = AdminFactory(totp=True, password="a long sentence nobody else uses")
    _sign_in_for_real(client, user, trust=True)
    assert client.get("/admin/").status_code == 200
    client.post(reverse("account_logout"))
    client.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    assert client.get("/admin/").url.startswith(reverse("mfa_reauthenticate"))


def test_the_admin_asks_again_after_half_an_hour(client):
    user = AdminFactory(totp=True)
    sign_in(client, user)
    assert client.get("/admin/").status_code == 200
    add_records(client, user, ("mfa", {"type": "totp"}), ago=31 * 60)
    assert client.get("/admin/").url.startswith(reverse("mfa_reauthenticate"))


def test_staff_are_signed_out_after_half_an_hour_of_nothing(client):
    user = OfficerFactory(totp=True)
    sign_in(client, user)
    client.get("/accounts/details/")
    _let_pass(client, 31 * 60)
    assert client.get("/accounts/details/").url.startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert AuditEntry.objects.filter(verb="accounts.signed_out", actor_id=user.pk).exists()


def test_staff_who_keep_working_stay_signed_in(client):
    sign_in(client, OfficerFactory(totp=True))
    for _click in range(3):
        client.get("/accounts/details/")
        _let_pass(client, 20 * 60)
    assert client.get("/accounts/details/").status_code == 200


def test_a_remembered_device_stays_signed_in_when_idle(client):
    user = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    _sign_in_for_real(client, user, trust=True)
    client.get("/accounts/details/")
    _let_pass(client, 45 * 60)
    assert client.get("/accounts/details/").status_code == 200


def test_owners_are_not_signed_out_when_idle(client):
    user = UserFactory()
    sign_in(client, user)
    client.get("/accounts/details/")
    session = client.session
    session["staff_seen_at"] = time.time() - 3600
    session.save()
    assert client.get("/accounts/details/").status_code == 200


@pytest.mark.gate(26)
def test_a_removed_role_counts_from_the_next_request(client):
    user, admin = OfficerFactory(totp=True), AdminFactory(totp=True)
    sign_in(client, user)
    assert client.get(DESK).status_code == 200
    services.set_role(user=user, role=Role.MEMBER, actor=admin)
    assert client.get(DESK).status_code == 403


@pytest.mark.gate(26)
def test_a_closed_account_is_out_with_the_next_request(client):
    user, admin = OfficerFactory(totp=True), AdminFactory(totp=True)
    sign_in(client, user)
    services.deactivate_user(user=user, actor=admin)
    assert client.get(DESK).url.startswith(reverse("account_login"))


def test_a_code_from_the_app_works_once(client):
    user = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    code = totp_code()
    _sign_in_for_real(client, user, code=code)
    other = Client()
    other.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert "_auth_user_id" not in other.session


@pytest.mark.parametrize("pasted", ["{0}\xa0{1}", "{0}\u2013{1} ", "Your code is {0} {1}"])
def test_a_code_from_the_app_may_be_pasted(client, pasted):
    user = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    code = totp_code()
    _sign_in_for_real(client, user, code=pasted.format(code[:3], code[3:]))
    assert client.get(DESK).status_code == 200


def test_a_recovery_code_stands_in_for_the_app_once(client):
    user = OfficerFactory(totp=True, password="a long sentence nobody else uses")
    code = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()[0]
    _sign_in_for_real(client, user, code=f"{code[:4]}\u2011{code[4:]}\xa0")
    assert client.get(DESK).status_code == 200
    other = Client()
    other.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    assert other.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200


def test_the_department_can_not_take_its_second_factor_off_and_owners_can(client):
    officer = OfficerFactory(totp=True)
    sign_in(client, officer)
    add_records(client, officer, ("mfa", {"type": "totp", "reauthenticated": True}))
    client.post(reverse("mfa_deactivate_totp"))
    assert officer.authenticator_set.filter(type="totp").exists()
    owner = UserFactory()
    set_up_totp(owner)
    sign_in(client, owner)
    add_records(client, owner, ("mfa", {"type": "totp", "reauthenticated": True}))
    client.post(reverse("mfa_deactivate_totp"))
    assert not owner.authenticator_set.exists()


def _sign_in_for_real(client, user, *, trust=False, code=""):
    client.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    step = client.post(reverse("mfa_authenticate"), {"code": code or totp_code()})
    client.post(step.url, {"action": "trust" if trust else "none"})


def _let_pass(client, seconds):
    session = client.session
    session["staff_seen_at"] -= seconds
    session.save()


def _code_of(secret):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_changing_the_address_to_sign_in_with_asks_the_department_again(client):
    user = OfficerFactory(totp=True)
    sign_in(client, user)
    asked = client.post(reverse("account_email"), {"action_add": "", "email": "eve@evil.example"})
    assert asked.url.startswith(reverse("mfa_reauthenticate"))
    assert not OutgoingMail.objects.filter(to="eve@evil.example").exists()


def test_an_export_of_names_asks_again(client):
    user = OfficerFactory(totp=True)
    event = EventFactory(actor=user)
    sign_in(client, user)
    where = reverse("desk:attendance_export", args=[event.pk])
    assert client.get(where).status_code == 200
    add_records(client, user, ("mfa", {"type": "totp"}), ago=20 * 60)
    assert client.get(where).url.startswith(reverse("mfa_reauthenticate"))
