"""Calls to make: whoever has no address reads no mail, so the desk tells them by phone."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import clock

from .choices import News
from .querysets import CallQuerySet


class PhoneCall(models.Model):
    """One piece of news for one party without an address, until someone notes that they called.

    Later news of the same kind replaces a call that is still to be made, so that a page which shows the
    older one can't mark the newer as made.
    """

    registration = models.ForeignKey(
        "events.Registration", verbose_name=_("registration"), on_delete=models.CASCADE, related_name="calls"
    )
    news = models.CharField(_("what to tell"), max_length=20, choices=News.choices)
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)
    done_at = models.DateTimeField(_("called"), null=True, blank=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("called by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call to make")
        verbose_name_plural = _("calls to make")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["created_at"], condition=Q(done_at=None), name="events_call_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                "registration", "news", condition=Q(done_at=None), name="events_one_open_call"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration.name}: {self.get_news_display()}"
