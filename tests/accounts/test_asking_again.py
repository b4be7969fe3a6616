"""Steps that matter ask once more: `accounts.reauth.fresh`."""

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path, reverse

from accounts.reauth import fresh
from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as usual
from core.access import requires
from core.roles import Role
from tests.factories.accounts import OfficerFactory, SupervisorFactory, add_records, sign_in, totp_code

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
pytestmark = pytest.mark.django_db
done = []


@requires("core.supervise")
@fresh
def decide(request):
    if request.method == "POST":
        done.append(request.POST["letter"])
    return HttpResponse("decided")


urlpatterns = [path("desk/decide-now/", decide, name="decide_now"), *usual]


@pytest.fixture(autouse=True)
def _urls():
    done.clear()
    from django.core.cache import cache

    cache.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_second_factor_of_a_minute_ago_is_enough(client):
    sign_in(client, SupervisorFactory(totp=True))
    assert client.get("/desk/decide-now/").status_code == 200


def test_one_of_twenty_minutes_ago_is_asked_for_again(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=20 * 60)
    assert (
        client.get("/desk/decide-now/").url == reverse("mfa_reauthenticate") + "?next=%2Fdesk%2Fdecide-now%2F"
    )


def test_a_form_that_took_twenty_minutes_to_fill_in_is_still_taken(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=20 * 60)
    assert client.post("/desk/decide-now/", {"letter": "welcome"}).status_code == 200
    assert done == ["welcome"]


def test_a_form_sent_too_late_is_kept_and_carried_out_after_the_code(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=40 * 60)
    asked = client.post("/desk/decide-now/", {"letter": "welcome"})
    assert done == []
    answer = client.post(asked.url, {"code": totp_code(), "next": "/desk/decide-now/"})
    assert (answer.status_code, done) == (200, ["welcome"])


def test_a_kept_form_is_refused_when_the_role_is_gone(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=40 * 60)
    asked = client.post("/desk/decide-now/", {"letter": "welcome"})
    user.role = Role.OFFICER
    user.save()
    answer = client.post(asked.url, {"code": totp_code(), "next": "/desk/decide-now/"})
    assert (answer.status_code, done) == (403, [])


def test_a_wrong_code_carries_nothing_out(client):
    user = SupervisorFactory(totp=True)
    sign_in(client, user)
    add_records(client, user, ("mfa", {"type": "totp"}), ago=40 * 60)
    asked = client.post("/desk/decide-now/", {"letter": "welcome"})
    client.post(asked.url, {"code": "000000", "next": "/desk/decide-now/"})
    assert done == []


def test_the_permission_comes_before_the_question(client):
    user = OfficerFactory(totp=True)
    sign_in(client, user)
    assert client.get("/desk/decide-now/").status_code == 403
