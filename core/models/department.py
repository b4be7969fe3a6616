"""The department: everything a second installation would change."""

from email.utils import parseaddr
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core import context, mailboxes, names
from core.workdays import WorkingDays, countries, subdivisions


def validate_time_zone(name: str) -> None:
    """Raise `ValidationError` for a name that the IANA database does not know."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone. Use a name like America/Chicago."), params={"name": name}
        )


class Department(models.Model):
    """The one department of this installation: everything a second department would change."""

    name = models.CharField(_("name"), max_length=120, default="Police Department", validators=[names.check])
    short_name = models.CharField(_("short name"), max_length=60, default="Police", validators=[names.check])
    product_name = models.CharField(
        _("name of this registry"), max_length=60, default="Partnerships", validators=[names.check]
    )
    unit_name = models.CharField(
        _("unit"), max_length=120, default="Community Partnerships Unit", validators=[names.check]
    )
    email = models.EmailField(
        _("email"),
        blank=True,
        validators=[mailboxes.check],
        help_text=_("Without one, the address that mail is sent from."),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=60, default="America/Chicago", validators=[validate_time_zone]
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        choices=countries,
        default="US",
        help_text=_("Its weekends and public holidays are no working days."),
    )
    subdivision = models.CharField(
        _("state or region"),
        max_length=10,
        blank=True,
        help_text=_(
            "Its own holidays are no working days either. When empty, only those of the whole country count: "
            "in the United States the federal ones. After a change of country, save to see its states."
        ),
    )
    emergency_text = models.CharField(
        _("emergency wording"), max_length=200, default="In an emergency call 911."
    )
    accent_color = models.CharField(
        _("accent color"),
        max_length=7,
        blank=True,
        validators=[
            RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a color as # and six hexadecimal digits."))
        ],
    )
    accommodation_contact = models.CharField(
        _("accommodation coordinator"), max_length=200, default="Accessibility coordinator"
    )

    mail_kept_days = models.PositiveSmallIntegerField(
        _("keep the text of mail for"),
        default=365,
        validators=[MinValueValidator(30), MaxValueValidator(3650)],
        help_text=_("Days. Then the text is removed; that the mail was sent, to whom and why, stays."),
    )

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("department")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="core_one_department")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A state or region has to be one of the country."""
        if self.subdivision and self.subdivision not in dict(subdivisions(self.country)):
            raise ValidationError({"subdivision": _("Choose a state or region of the country.")})

    @property
    def city_line(self) -> str:
        """The last line of its address, which names the city; empty where it has a single line."""
        _above, _break, last = self.postal_address.strip().rpartition("\n")
        return last.strip() if _above else ""

    @property
    def working_days(self) -> WorkingDays:
        """The days on which it works; one query. Take it once for many rows."""
        own = context.once(
            ("core.days_off", self.pk), lambda: frozenset(self.days_off.values_list("day", flat=True))
        )
        return WorkingDays(self.country, self.subdivision, own)

    @property
    def zone(self) -> ZoneInfo:
        """The department's time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def current(cls) -> "Department":
        """The department of this installation; its defaults before the admin filled it in."""
        return context.once("core.department", cls._read)

    @classmethod
    def _read(cls) -> "Department":
        found = cls.objects.filter(pk=1).first() or cls(pk=1)
        found.email = found.email or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return found


class DayOff(models.Model):
    """A day on which the department is closed though the calendar of its country has no holiday."""

    department = models.ForeignKey(Department, models.CASCADE, related_name="days_off")
    day = models.DateField(_("day"))
    name = models.CharField(_("what for"), max_length=80, validators=[names.check])

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days on which the department is closed")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["department", "day"], name="core_day_off_once")]

    def __str__(self) -> str:
        return self.name
