"""What is lent to whom."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from core.models import Stamped
from core.tones import Toned
from partnerships.businesses.models import Business
from partnerships.businesses.scoping import OfBusiness


class LoanStatus(Toned):
    LENT = "lent", "warn", "Lent"
    BACK = "back", "good", "Back"


class Loan(Stamped):
    """A tool that a business has for a while."""

    business = models.ForeignKey(Business, models.PROTECT, related_name="loans")
    title = models.CharField("tool", max_length=80)
    email = models.EmailField("email of who has it")
    due_on = models.DateField("due")
    status = models.CharField(max_length=10, choices=LoanStatus.choices, default=LoanStatus.LENT)

    objects = OfBusiness.as_manager()

    class Meta:
        ordering: ClassVar = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def tone(self) -> str:
        return LoanStatus(self.status).tone

    def get_absolute_url(self) -> str:
        return reverse("desk:loan", args=[self.pk])
