"""Only routed in a demonstration."""

from django.urls import path

from . import demo

app_name = "accounts_demo"
urlpatterns = [
    path("sign-in/", demo.sign_in, name="sign_in"),
    path("confirm/", demo.confirm, name="confirm"),
]
