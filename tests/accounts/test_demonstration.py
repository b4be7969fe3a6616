"""The one-click sign-in exists in a demonstration and nowhere else."""

import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import User
from config.local.places import BASE_DIR
from core.access import Refused
from core.roles import Role
from tests.factories.accounts import UserFactory, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.accounts.urls_demo"
    cache.clear()
    return {
        role: services.make_demo_account(
            email=f"{role}@riverton.example", full_name="Dana Reyes", role=role, totp=role != Role.MEMBER
        )
        for role in (Role.MEMBER, Role.OFFICER, Role.SUPERVISOR, Role.ADMIN)
    }


@pytest.mark.parametrize(
    ("role", "home", "inside"),
    [
        (Role.MEMBER, "/portal/", "/portal/events/"),
        (Role.OFFICER, "/desk/", "/desk/events/"),
        (Role.SUPERVISOR, "/desk/", "/desk/applications/"),
        (Role.ADMIN, "/admin/", "/admin/"),
    ],
)
def test_one_click_leads_inside_second_factor_included(client, demo, role, home, inside):
    done = client.post(reverse("accounts_demo:sign_in"), {"role": role})
    assert client.get(done.url).url == home
    assert client.get(inside).status_code == 200
    assert client.session["_auth_user_id"] == str(demo[role].pk)


def test_the_sign_in_page_offers_the_four_parts(client, demo):
    page = client.get(reverse("account_login")).content.decode()
    for label in ("Owner", "Officer", "Supervisor", "Admin"):
        assert f">{label}</button>" in page


def test_the_sign_in_page_offers_nothing_outside_a_demonstration(client):
    assert "Try it as" not in client.get(reverse("account_login")).content.decode()


def test_one_click_needs_a_form_of_ours(demo):
    careful = Client(enforce_csrf_checks=True)
    assert careful.post(reverse("accounts_demo:sign_in"), {"role": "admin"}).status_code == 403
    assert careful.get(reverse("accounts_demo:sign_in")).status_code == 405


def test_the_address_is_not_routed_outside_a_demonstration(client):
    assert client.post("/accounts/demo/sign-in/", {"role": "admin"}).status_code == 404


def test_the_view_refuses_where_the_demonstration_is_off(client, demo, settings):
    settings.DEMO = False
    assert client.post(reverse("accounts_demo:sign_in"), {"role": "admin"}).status_code == 404


def test_real_accounts_are_never_signed_in_with_one_click(client, settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.accounts.urls_demo"
    UserFactory(role=Role.ADMIN)
    assert client.post(reverse("accounts_demo:sign_in"), {"role": "admin"}).status_code == 404


def test_only_the_four_parts_can_be_played(client, demo):
    for role in ("viewer", "root", ""):
        assert client.post(reverse("accounts_demo:sign_in"), {"role": role}).status_code == 404


def test_one_click_confirms_where_a_page_asks_again(client, demo):
    client.post(reverse("accounts_demo:sign_in"), {"role": "admin"})
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    asked = client.get("/admin/")
    page = client.get(asked.url).content.decode()
    assert "Confirm for the demonstration" in page
    done = client.post(reverse("accounts_demo:confirm"), {"next": "/admin/"})
    assert done.url == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_one_click_confirms_no_real_account(client, demo):
    real = UserFactory(role=Role.ADMIN, totp=True)
    sign_in(client, real, second_factor=False)
    assert client.post(reverse("accounts_demo:confirm"), {"next": "/admin/"}).status_code == 404
    assert client.get("/admin/").status_code == 302


def test_a_demonstration_account_can_not_sign_in_to_a_real_site(client, demo, settings):
    user = demo[Role.OFFICER]
    user.set_password("a long sentence nobody else uses")
    user.save()
    settings.DEMO = False
    client.post(
        reverse("account_login"), {"login": user.email, "password": "a long sentence nobody else uses"}
    )
    assert not client.session.get("_auth_user_id")
    assert not client.session.get("account_login")


def test_demo_code_prints_the_code_the_second_factor_takes(client, demo, capsys):
    user = demo[Role.SUPERVISOR]
    call_command("demo_code", user.email.upper())
    code = capsys.readouterr().out.strip()
    sign_in(client, user, second_factor=False)
    done = client.post(reverse("mfa_reauthenticate"), {"code": code, "next": "/accounts/"})
    assert done.url == "/accounts/"


def test_demo_code_refuses_real_accounts(demo):
    real = UserFactory(role=Role.OFFICER, totp=True)
    with pytest.raises(CommandError, match="not a demonstration account"):
        call_command("demo_code", real.email)


def test_demo_code_refuses_unknown_addresses_in_the_same_words(demo):
    with pytest.raises(CommandError, match="not a demonstration account"):
        call_command("demo_code", "nobody@riverton.example")


def test_demo_code_says_when_there_is_no_second_factor(demo):
    with pytest.raises(CommandError, match="without a second factor"):
        call_command("demo_code", demo[Role.MEMBER].email)


def test_demo_code_refuses_outside_a_demonstration(demo, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="not a demonstration"):
        call_command("demo_code", demo[Role.OFFICER].email)


def test_making_a_demonstration_account_twice_changes_nothing(demo):
    user = demo[Role.OFFICER]
    secret = user.authenticator_set.get(type="totp").data
    again = services.make_demo_account(email=user.email, full_name="Dana Reyes", role=Role.OFFICER)
    assert again.pk == user.pk
    assert again.authenticator_set.get(type="totp").data == secret
    assert User.objects.filter(email=user.email).count() == 1


def test_a_real_account_is_never_turned_into_a_demonstrations(demo):
    real = UserFactory()
    with pytest.raises(Refused):
        services.make_demo_account(email=real.email, full_name="Eve", role=Role.ADMIN)


def test_demonstration_accounts_are_made_only_in_a_demonstration():
    with pytest.raises(ImproperlyConfigured):
        services.make_demo_account(email="a@b.example", full_name="Eve", role=Role.ADMIN)


def test_the_check_passes_without_and_fails_with_a_demonstration_that_is_not_permitted(settings):
    assert not [each for each in run_checks() if each.id == "accounts.E001"]
    settings.DEMO_PERMITTED = False
    settings.DEMO = True
    assert [each for each in run_checks() if each.id == "accounts.E001"]


@pytest.mark.parametrize(("asked", "code"), [("1", 1), ("0", 0)])
def test_production_refuses_to_be_a_demonstration(asked, code):
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DEMO": asked,
            "SECRET_KEY": "x" * 60,
            "ALLOWED_HOSTS": "registry.example",
            "SITE_URL": "https://registry.example",
            "DEFAULT_FROM_EMAIL": "partnerships@registry.example",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == code, run.stderr
    assert ("accounts.E001" in run.stderr) == bool(code)
