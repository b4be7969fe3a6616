"""Sign-in, sign-up and the second factor, from allauth; home and one's own details."""

from allauth.account.views import signup
from django.conf import settings
from django.db import transaction
from django.urls import URLPattern, URLResolver, include, path

from . import views, views_own

urlpatterns: list[URLPattern | URLResolver] = [
    path("home/", views.home, name="account_home"),
    path("", views.settings_page, name="account_settings"),
    path("details/", views.details, name="account_details"),
    path("mail/", views_own.mail, name="account_mail"),
    path("data/", views_own.data, name="account_data"),
    path("unsent/", views_own.unsent_form, name="account_unsent"),
    # An account, its mail and its record are one transaction.
    path("signup/", transaction.atomic(signup), name="account_signup"),
    path("", include("allauth.account.urls")),
    path("second-factor/", include("allauth.mfa.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("demo/", include("accounts.urls_demo")))
