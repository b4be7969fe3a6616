"""People. A user has one role; what a business owner may touch follows from memberships, a room above."""

from datetime import UTC, datetime
from typing import Any, ClassVar

import pghistory
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core import clock, mailboxes, names
from core.folding import folded
from core.models import Changed
from core.roles import DEPARTMENT, DESK, Role

from .querysets import UserQuerySet

_EVER, _ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a generated base
    """Makes users; addresses are stored in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a user. Without a password they sign in by emailed code.

        Args:
            email: the address they sign in with; stored in lower case.
            password: optional.
            fields: other columns, such as `full_name` and `role`.

        Raises:
            ValueError: the address is empty.
        """
        if not email:
            raise ValueError("A user needs an email address.")
        user: User = self.model(email=mailboxes.normal(email), **fields)
        if password:
            user.set_password(password)
        else:
            user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an admin, for `manage.py createsuperuser`."""
        return self.create_user(email, password, role=Role.ADMIN, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email=mailboxes.normal(username or ""))
        return user


@pghistory.track(exclude=["password", "last_login", "updated_at", "updated_by_name", "search_text"])
class User(AbstractBaseUser, PermissionsMixin, Changed):
    """A person who signs in: staff of the department, or a member of a business."""

    email = models.EmailField(_("email"), unique=True, validators=[mailboxes.check])
    full_name = models.CharField(_("full name"), max_length=150, blank=True, validators=[names.check])
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.MEMBER)
    title = models.CharField(
        _("title"), max_length=60, blank=True, help_text=_("Such as Officer or Sergeant.")
    )
    badge_number = models.CharField(_("badge number"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    shift = models.CharField(
        _("shift"), max_length=100, blank=True, help_text=_("Such as Tue–Sat, 8 am–4 pm.")
    )
    languages_spoken = models.CharField(_("languages spoken"), max_length=200, blank=True)
    language = models.CharField(_("preferred language"), max_length=10, default="en")
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("demonstration account"), default=False, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=clock.now, editable=False)

    search_text = folded("full_name", "email", "badge_number", "phone")

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_known_role"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Not a rule but a form of the value: every way in stores the same spelling.
        self.email = mailboxes.normal(self.email)
        super().save(*args, **kwargs)

    @property
    def display_name(self) -> str:
        """ "Officer Dana Reyes", else the address."""
        return (
            " ".join(part for part in (self.title, self.full_name) if part) if self.full_name else self.email
        )

    def get_full_name(self) -> str:
        """As Django's own pages ask for it."""
        return self.display_name

    def get_short_name(self) -> str:
        """As Django's own pages ask for it: the admin's greeting."""
        return self.full_name or self.email

    @property
    def is_member(self) -> bool:
        """Someone of a business, or who may become one."""
        return self.role == Role.MEMBER

    @property
    def is_admin(self) -> bool:
        """Sets the product up, in Django admin."""
        return self.role == Role.ADMIN

    @property
    def is_desk(self) -> bool:
        """Works at the desk: officer, supervisor or viewer."""
        return self.role in DESK

    @property
    def is_department(self) -> bool:
        """Any role of the department, which needs a second factor."""
        return self.role in DEPARTMENT

    def department_spans(self) -> list[tuple[datetime, datetime]]:
        """From when until when they worked here, by the history of the account; one query.

        What was before the history counts as its first role, what comes after it as the role they have.
        """
        history = apps.get_model("accounts", "UserEvent").objects.filter(pgh_obj_id=self.pk)
        known = list(history.order_by("pgh_id").values_list("pgh_created_at", "role"))
        roles = [role for _at, role in known] or [self.role]
        edges = [_EVER, *(at for at, _role in known[1:]), _ALWAYS]
        return [
            (since, until)
            for role, since, until in zip(roles, edges[:-1], edges[1:], strict=True)
            if role in DEPARTMENT
        ]

    @property
    def is_staff(self) -> bool:
        """Django admin's own question: only admins enter it."""
        return self.is_active and self.is_admin

    @property
    def is_superuser(self) -> bool:  # type: ignore[override]  # the role decides, not a flag
        """Never: no one passes the guards unasked."""
        return False
