"""Organizations, their places of business, and the people to ask for there."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core import clock, links, mailboxes, names, postal, words
from core.folding import FoldedText, folded, key_of
from core.models import Stamped
from core.roles import WRITERS
from core.tones import Toned
from partnerships.businesses.querysets import BusinessQuerySet, OrganizationQuerySet, Unmerged

from .derived import areas_follow_places, areas_hold_still
from .places import Area, ImportBatch, Industry

# Import speed: history rows are written once per statement, not once per row.
HISTORY_LEVEL = pgtrigger.Statement


class Standing(Toned):
    """How an organization stands to the department. Written only by `services.set_standing`."""

    PROSPECT = "prospect", "neutral", _("Prospect")
    APPLICANT = "applicant", "info", _("Applicant")
    PARTNER = "partner", "good", _("Partner")
    SUSPENDED = "suspended", "bad", _("Suspended")
    LAPSED = "lapsed", "neutral", _("Lapsed")
    ENDED = "ended", "neutral", _("Ended")


@pghistory.track(level=HISTORY_LEVEL, exclude=["areas", "search_text", "name_key"])
class Organization(Stamped):
    """The legal entity: a single shop, a chain, or a community organization. One license account."""

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Business")
        COMMUNITY = "community", _("Community organization")

    name = models.CharField(_("name"), max_length=200, validators=[names.check])
    legal_name = models.CharField(_("legal name"), max_length=200, blank=True, validators=[names.check])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.BUSINESS)
    source = models.CharField(
        _("source"), max_length=60, blank=True, editable=False, help_text=_("The file it came from, if any.")
    )
    account_number = models.CharField(_("license account"), max_length=40, blank=True)
    standing = models.CharField(
        _("standing"), max_length=20, choices=Standing.choices, default=Standing.PROSPECT, editable=False
    )
    partner_since = models.DateField(_("partner since"), null=True, blank=True, editable=False)
    lead_officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="led_organizations",
        limit_choices_to={"role__in": sorted(WRITERS)},
        verbose_name=_("lead officer"),
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("added by"),
        help_text=_("The business member who added it, if one did."),
    )
    imported = models.JSONField(_("as in the file"), default=dict, blank=True, editable=False)
    areas = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text=_("Where its places of business lie: areas and what these are part of, 0 for none."),
    )

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("merged into"),
    )

    search_text = folded("name", "legal_name")
    name_key = key_of("name")

    objects = Unmerged.from_queryset(OrganizationQuerySet)()
    everything = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "account_number"],
                condition=~Q(source="") & ~Q(account_number=""),
                name="businesses_account_once",
            ),
            models.CheckConstraint(
                condition=Q(standing__in=Standing.values), name="businesses_organization_known_standing"
            ),
        ]
        indexes = [GinIndex(fields=["areas"], name="businesses_organization_areas")]
        triggers = [
            *areas_hold_still(),
            # Lists read name and standing from the place of business, and who sees it depends on the lead
            # officer: the copies can't fall behind.
            pgtrigger.Trigger(
                name="copy_down",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                condition=pgtrigger.AnyChange("standing", "name", "legal_name", "lead_officer"),
                func=(
                    "UPDATE businesses_business SET standing = NEW.standing "
                    "WHERE organization_id = NEW.id; RETURN NULL;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def tone(self) -> str:
        """The tone of its standing, see `core.tones`."""
        return Standing(self.standing).tone

    @property
    def standing_text(self) -> str:
        """ "Partner since Mar 2025", else the standing."""
        if self.standing == Standing.PARTNER and self.partner_since:
            since = words.month(self.partner_since, "short")
            return str(_("Partner since %(month)s") % {"month": since})
        return self.get_standing_display()


@pghistory.track(
    level=HISTORY_LEVEL,
    exclude=["search_text", "name_key", "imported", "lead_id", "area_code", "license_issued"],
)
class Business(Stamped):
    """One place of business of an organization. One license site."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="sites", verbose_name=_("organization")
    )
    name = models.CharField(
        _("name"), max_length=200, validators=[names.check], help_text=_("As customers know it.")
    )
    site_number = models.CharField(_("site number"), max_length=20, blank=True)
    slug = models.SlugField(
        _("address in the directory"), max_length=120, unique=True, blank=True, editable=False
    )
    street = models.CharField(_("street address"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True, validators=[postal.check_state])
    postal_code = models.CharField(_("ZIP code"), max_length=10, blank=True)
    latitude = models.FloatField(
        _("latitude"), null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude"), null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="businesses",
        verbose_name=_("area"),
    )
    industry = models.ForeignKey(
        Industry,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="businesses",
        verbose_name=_("industry"),
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True, validators=[links.check_web_address])
    email_on_record = models.EmailField(
        _("email on record"),
        blank=True,
        validators=[mailboxes.check],
        help_text=_("From a public record. A claim can be verified by it."),
    )
    description = models.TextField(_("description"), max_length=1000, blank=True)
    home_based = models.BooleanField(
        _("run from a home"), default=False, help_text=_("The public directory then shows no street.")
    )
    out_of_town = models.BooleanField(_("outside the city"), default=False)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    license_kinds = models.CharField(_("licenses"), max_length=500, blank=True, editable=False)
    license_until = models.DateField(_("licensed until"), null=True, blank=True, editable=False)
    # Of the license whose word stands here; a file with an older one of the same place changes nothing.
    license_issued = models.DateField(_("latest license issued"), null=True, blank=True, editable=False)
    standing = models.CharField(
        _("standing"), max_length=20, choices=Standing.choices, default=Standing.PROSPECT, editable=False
    )
    listed = models.BooleanField(_("in the public directory"), default=False, editable=False)
    listed_at = models.DateTimeField(_("listed since"), null=True, blank=True, editable=False)
    listed_by_name = models.CharField(_("agreed by"), max_length=200, blank=True, editable=False)
    listing_wording = models.TextField(_("agreed to"), blank=True, editable=False)
    batch = models.ForeignKey(
        ImportBatch,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="businesses",
    )
    imported = models.JSONField(_("as in the file"), default=dict, blank=True, editable=False)
    name_key = key_of("name")
    search_text = FoldedText(_("searched text"), blank=True, default="", editable=False)
    lead_id = models.BigIntegerField(_("lead officer's number"), null=True, blank=True, editable=False)
    area_code = models.TextField(  # noqa: DJ001  (no area has no code: such places stand last in a list)
        _("area's code, in order"), null=True, blank=True, editable=False, db_collation="C"
    )

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("merged into"),
    )

    objects = Unmerged.from_queryset(BusinessQuerySet)()
    everything = BusinessQuerySet.as_manager()

    class Meta:
        verbose_name = _("business")
        verbose_name_plural = _("businesses")
        ordering = ["name_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "site_number"],
                condition=~Q(site_number=""),
                name="businesses_site_once",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="businesses_position_whole",
            ),
            models.CheckConstraint(
                condition=Q(opened_on=None) | Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                name="businesses_closed_after_opened",
            ),
        ]
        indexes = [
            GinIndex(OpClass(F("search_text"), "gin_trgm_ops"), name="businesses_search"),
            models.Index(fields=["name_key", "id"], name="businesses_by_name"),
            models.Index(fields=["area", "name_key", "id"], name="businesses_by_area"),
            models.Index(fields=["standing", "name_key", "id"], name="businesses_by_standing"),
            models.Index(fields=["area_code", "name_key", "id"], name="businesses_by_area_code"),
            models.Index(fields=["updated_at", "id"], name="businesses_by_change"),
            models.Index(fields=["lead_id"], condition=Q(lead_id__isnull=False), name="businesses_by_lead"),
            # The directory by name, and its newest on the front page: few rows, cheap to keep.
            models.Index(
                fields=["name_key", "id"],
                condition=Q(listed=True, standing="partner"),
                name="businesses_listed_by_name",
            ),
            models.Index(
                fields=["-listed_at", "id"],
                condition=Q(listed=True, standing="partner"),
                name="businesses_newest_listed",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="derive",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("org", "record")],
                func=(
                    "SELECT name, legal_name, standing, lead_officer_id INTO org "
                    "FROM businesses_organization WHERE id = NEW.organization_id; "
                    "NEW.standing := COALESCE(org.standing, 'prospect'); "
                    "NEW.lead_id := org.lead_officer_id; "
                    "NEW.area_code := (SELECT code_key FROM businesses_area WHERE id = NEW.area_id); "
                    "NEW.search_text := core_fold(concat_ws(' ', NEW.name, org.name, org.legal_name, "
                    "NEW.street, NEW.city, NEW.postal_code, "
                    # It is found by what was merged into it, too.
                    "(SELECT string_agg(name, ' ' ORDER BY id) FROM businesses_business "
                    "WHERE merged_into_id = NEW.id))); "
                    "IF NEW.slug = '' THEN "
                    "NEW.slug := concat_ws('-', NULLIF(trim('-' FROM "
                    "left(replace(trim(core_fold(NEW.name)), ' ', '-'), 80)), ''), NEW.id); "
                    "END IF; "
                    "RETURN NEW;"
                ),
            ),
            # The distinct words of all searched texts: mistyped words are corrected against them.
            pgtrigger.Trigger(
                name="words_of_new",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(new="fresh"),
                func="PERFORM businesses_keep_words(array_agg(search_text)) FROM fresh; RETURN NULL;",
            ),
            pgtrigger.Trigger(
                name="words_of_changed",
                operation=pgtrigger.Update,
                when=pgtrigger.After,
                level=pgtrigger.Statement,
                referencing=pgtrigger.Referencing(old="stale", new="fresh"),
                func=(
                    "PERFORM businesses_keep_words(array_agg(fresh.search_text)) FROM fresh "
                    "JOIN stale USING (id) WHERE fresh.search_text <> stale.search_text; RETURN NULL;"
                ),
            ),
            *areas_follow_places(),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page in the public directory; it exists only while `is_public`."""
        return reverse("public:partner", args=[self.slug])

    @property
    def tone(self) -> str:
        """The tone of its standing, see `core.tones`."""
        return Standing(self.standing).tone

    @property
    def city_line(self) -> str:
        """ "Chicago, IL 60657", with what is known of it."""
        place = " ".join(part for part in (self.state, self.postal_code) if part)
        return ", ".join(part for part in (self.city, place) if part)

    @property
    def address(self) -> str:
        """ "3127 N Broadway, Chicago, IL 60657", with what is known of it."""
        return ", ".join(part for part in (self.street, self.city_line) if part)

    @property
    def public_address(self) -> str:
        """What the public directory shows: of a business that is run from a home, no street."""
        return self.city_line if self.home_based else self.address

    @property
    def public_street(self) -> str:
        """The street as the public directory shows it."""
        return "" if self.home_based else self.street

    @property
    def has_position(self) -> bool:
        """Whether it can be placed on a map."""
        return self.latitude is not None

    @property
    def is_public(self) -> bool:
        """Whether the public directory shows it: the owner agreed and the organization is a partner."""
        return self.listed and self.standing == Standing.PARTNER and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Whether it has shut its doors."""
        return self.closed_on is not None and self.closed_on <= clock.today()

    @property
    def phone_link(self) -> str:
        """The phone number for a `tel:` link."""
        return "".join(each for each in self.phone if each.isdigit() or each == "+")


class SearchWord(models.Model):
    """A word that occurs in the searched text of some business. Kept by triggers."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [GinIndex(OpClass(F("word"), "gin_trgm_ops"), name="businesses_word")]

    def __str__(self) -> str:
        return self.word
