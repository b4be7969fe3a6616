"""People, and how tests sign them in."""

import time
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from accounts.models import User
from core.roles import Role

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


class UserFactory(factory.django.DjangoModelFactory):
    """A member with a verified address and no password. `UserFactory(role="officer", totp=True)`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@people.example")
    full_name = factory.Faker("name")
    role = Role.MEMBER

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def verified(self, create, extracted, **kwargs):
        if create:
            EmailAddress.objects.create(
                user=self, email=self.email, primary=True, verified=extracted is not False
            )

    @factory.post_generation
    def totp(self, create, extracted, **kwargs):
        if extracted:
            set_up_totp(self)


class OfficerFactory(UserFactory):
    """A liaison officer. `sign_in` gives them an authenticator app when they need one."""

    role = Role.OFFICER
    title = "Officer"


class SupervisorFactory(OfficerFactory):
    role = Role.SUPERVISOR
    title = "Sergeant"


class ViewerFactory(OfficerFactory):
    role = Role.VIEWER
    title = "Analyst"


class AdminFactory(OfficerFactory):
    role = Role.ADMIN
    title = ""


def set_up_totp(user: User) -> Authenticator:
    """Give a user an authenticator app whose secret is `SECRET`, and recovery codes."""
    instance = TOTP.activate(user, SECRET).instance
    RecoveryCodes.activate(user)
    return instance


def totp_code(offset: int = 0) -> str:
    """The code the app shows now; `offset` in steps of 30 seconds."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + offset))


def sign_in(client: Client, user: User, second_factor: bool | None = None) -> Client:
    """Sign a user in as allauth does, with a second factor where the role needs one.

    Args:
        client: Django's test client.
        user: anyone.
        second_factor: force or leave out the second factor; by default as the role needs it.
    """
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    shown = user.is_department if second_factor is None else second_factor
    if shown:
        found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        add_records(client, user, ("mfa", {"id": (found or set_up_totp(user)).pk, "type": "totp"}))
    return client


def add_records(client: Client, user: User, *records: tuple[str, dict[str, Any]], ago: float = 0) -> None:
    """Write authentication records into the session as allauth does, `ago` seconds back."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - ago, **extra} for method, extra in records
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
