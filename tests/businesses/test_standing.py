"""How an organization stands changes only along the permitted moves, and its places follow."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction

from core.access import Refused
from core.models import AuditEntry
from partnerships.businesses import services
from partnerships.businesses.models import Business, Organization, Standing
from partnerships.businesses.workflow import STANDING
from tests.factories.businesses import PATHS, BusinessFactory, OrganizationFactory

pytestmark = pytest.mark.django_db

ALLOWED = {(source, move.target) for move in STANDING.moves for source in move.sources}


@pytest.mark.parametrize("old", Standing.values)
@pytest.mark.parametrize("new", Standing.values)
def test_standing_moves_only_as_the_table_says(old, new):
    organization = OrganizationFactory(standing=old)
    if old == new or (old, new) in ALLOWED:
        assert services.set_standing(organization=organization, standing=new, actor=None).standing == new
    else:
        with pytest.raises(Refused):
            services.set_standing(organization=organization, standing=new, actor=None)
        organization.refresh_from_db()
        assert organization.standing == old


def test_not_even_update_makes_a_move_that_is_not_in_the_table():
    organization = OrganizationFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        Organization.objects.filter(pk=organization.pk).update(standing="partner")


def test_a_new_organization_can_only_be_a_prospect():
    with pytest.raises(DatabaseError), transaction.atomic():
        Organization.objects.create(name="Sneaky", standing="partner")


def test_places_follow_the_standing_of_their_organization(supervisor):
    business = BusinessFactory()
    second = BusinessFactory(organization=business.organization)
    for standing in PATHS["partner"]:
        services.set_standing(organization=business.organization, standing=standing, actor=supervisor)
    assert set(Business.objects.values_list("standing", flat=True)) == {"partner"}
    Business.objects.filter(pk=second.pk).update(standing="ended")
    second.refresh_from_db()
    assert second.standing == "partner", "the copy on a place can't be written apart from the organization"


def test_the_first_day_of_a_partnership_is_kept_through_a_lapse_and_renewal():
    organization = OrganizationFactory(standing="partner", partner_since=date(2025, 3, 2))
    for standing in ("lapsed", "partner"):
        organization = services.set_standing(organization=organization, standing=standing, actor=None)
    assert organization.partner_since == date(2025, 3, 2)
    assert organization.standing_text == "Partner since Mar 2025"


@pytest.mark.parametrize(
    ("path", "back"), [("prospect", "prospect"), ("lapsed", "lapsed"), ("partner", "partner")]
)
def test_a_withdrawn_application_leaves_the_organization_where_it_stood(path, back):
    organization = OrganizationFactory(standing=path)
    if path != "partner":
        organization = services.set_standing(organization=organization, standing="applicant", actor=None)
    assert services.stand_back(organization=organization, by=None).standing == back


def test_every_change_of_standing_is_in_the_audit_without_text(supervisor):
    organization = OrganizationFactory()
    services.set_standing(organization=organization, standing="applicant", actor=supervisor)
    entry = AuditEntry.objects.get(verb="businesses.organization_apply")
    assert (entry.actor_id, entry.changed, entry.target_id) == (
        supervisor.pk,
        ["standing"],
        str(organization.pk),
    )
