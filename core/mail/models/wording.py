"""The department's own words around the fixed part of a mail."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Stamped


class MailWording(Stamped):
    """What the department adds before and after the fixed part of one kind of mail; empty adds nothing."""

    template = models.CharField(_("mail"), max_length=100, unique=True, editable=False)
    before = models.TextField(
        _("before the fixed part"),
        max_length=1000,
        blank=True,
        help_text=_("Plain text. An empty line starts a new paragraph."),
    )
    after = models.TextField(
        _("after the fixed part"),
        max_length=1000,
        blank=True,
        help_text=_("Plain text. An empty line starts a new paragraph."),
    )

    # The mail's name, where one who may ask the catalog has set it.
    called = ""

    class Meta:
        verbose_name = _("wording of a mail")
        verbose_name_plural = _("wording of mails")
        ordering = ["template"]

    def __str__(self) -> str:
        return self.called or self.template

    @classmethod
    def of(cls, templates: Iterable[str]) -> dict[str, "MailWording"]:
        """The wordings of these mails that say something, by template; one query."""
        said = cls.objects.exclude(before="", after="")
        return {each.template: each for each in said.filter(template__in=set(templates))}
