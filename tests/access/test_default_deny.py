"""A view that declared nothing is opened to nobody; every URL is declared."""

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, include, path, resolve
from django.views import View

from config import access as declared_elsewhere
from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as usual
from core import access
from tests.access.urls import every_url, sample_path
from tests.factories.accounts import AdminFactory, OfficerFactory, UserFactory, sign_in

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]
pytestmark = pytest.mark.django_db


@login_not_required
def forgotten(request):
    return HttpResponse("secret")


class Forgotten(View):
    def get(self, request):
        return HttpResponse("secret")


urlpatterns = [
    path("forgotten/", forgotten),
    path("forgotten-class/", Forgotten.as_view()),
    path("desk/forgotten/", forgotten),
    path("accounts/forgotten/", forgotten, name="account_forgotten"),
    path("inside/", include(([path("forgotten/", forgotten, name="account_login")], "elsewhere"))),
    *usual,
]


@pytest.mark.parametrize(
    "where",
    ["/forgotten/", "/forgotten-class/", "/desk/forgotten/", "/accounts/forgotten/", "/inside/forgotten/"],
)
def test_a_view_that_declared_nothing_is_opened_to_nobody(client, where):
    with override_settings(ROOT_URLCONF=__name__):
        assert client.get(where).status_code == 403
        for make in (UserFactory, OfficerFactory, AdminFactory):
            sign_in(client, make())
            answer = client.get(where)
            assert answer.status_code == 403
            assert b"secret" not in answer.content


def test_every_url_is_declared():
    undeclared = []
    for name, pattern in every_url(get_resolver()):
        match = resolve(sample_path(name, pattern))
        permissions = access.declared(match.func)
        if permissions is None:
            permissions = declared_elsewhere.permissions_of(match)
        if permissions is None:
            undeclared.append(name)
    assert undeclared == []


def test_every_declared_permission_has_a_guard():
    unknown = set()
    for name, pattern in every_url(get_resolver()):
        match = resolve(sample_path(name, pattern))
        permissions = access.declared(match.func) or declared_elsewhere.permissions_of(match) or ()
        unknown |= {each for each in permissions if each not in access._guards}
    assert unknown == set()


def test_every_name_in_the_list_of_other_packages_views_exists():
    names = {name for name, _pattern in every_url(get_resolver())}
    assert names >= declared_elsewhere.OPEN_VIEWS | declared_elsewhere.OWN_VIEWS


def test_everything_under_the_desk_the_portal_and_the_admin_asks_for_a_permission():
    open_ones = []
    for name, pattern in every_url(get_resolver()):
        if name.split(":")[0] in {"desk", "portal", "admin"}:
            match = resolve(sample_path(name, pattern))
            permissions = access.declared(match.func) or declared_elsewhere.permissions_of(match)
            if not permissions:
                open_ones.append(name)
    assert open_ones == []


def test_an_unknown_role_is_refused_everywhere():
    user = UserFactory()
    user.role = "chief"
    for permission in access._guards:
        assert access.refusal(user, permission) is not None, permission
