"""Only routed in a demonstration."""

from django.urls import path

from . import try_as

app_name = "accounts_demo"
urlpatterns = [
    path("sign-in/", try_as.sign_in, name="sign_in"),
    path("confirm/", try_as.confirm, name="confirm"),
]
