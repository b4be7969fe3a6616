"""Next year's file finds what stayed, whichever of two records it names."""

import pytest

from partnerships.businesses import services
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.presets import load_preset
from partnerships.businesses.models import Business, Organization, SourceNumber
from tests.businesses.files import PRESET, row, write
from tests.factories.businesses import BusinessFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(tmp_path):
    def load(*rows):
        return import_businesses(write(tmp_path / "a.csv", list(rows)), load_preset(PRESET), actor=None)

    return load


def named(account, site="1", name="RIVER FOODS", **more):
    return row(account_number=account, site_number=site, doing_business_as_name=name, **more)


def of(account, site="1"):
    return Business.everything.get(organization__account_number=account, site_number=site)


def test_a_file_that_names_both_writes_what_stayed_once(load):
    load(named("100"), named("200", name="RIVER FOOD"))
    kept, gone = of("100"), of("200")
    services.merge_businesses(kept=kept, gone=gone, actor=None)
    later = {"date_issued": "05/13/2024", "license_term_expiration_date": "05/15/2030"}
    report = load(named("100", name="RIVER FOODS", address="3129 N BROADWAY", **later), named("200", **later))
    assert (report.rows, report.created, report.updated, report.merged) == (2, 0, 1, 1)
    kept.refresh_from_db()
    assert kept.street == "3129 N Broadway"
    assert Business.objects.count() == 1
    gone.refresh_from_db()
    assert gone.name == "River Food"  # what was given up stays as it was


def test_a_file_that_names_only_the_record_given_up_finds_what_stayed(load):
    load(named("100"), named("200"))
    kept = of("100")
    services.merge_businesses(kept=kept, gone=of("200"), actor=None)
    later = {"date_issued": "05/13/2024", "license_term_expiration_date": "05/15/2030"}
    report = load(named("200", address="40 N BROADWAY", **later))
    assert (report.created, report.updated) == (0, 1)
    kept.refresh_from_db()
    assert kept.street == "40 N Broadway"


def test_a_record_of_no_file_takes_over_what_the_file_told(load):
    load(named("200"))
    kept = BusinessFactory(name="River Foods at the Corner", street="3127 N Broadway")
    services.merge_businesses(kept=kept, gone=of("200"), actor=None)
    kept.refresh_from_db()
    assert str(kept.license_until) == "2022-05-15"
    report = load(named("200", date_issued="05/13/2024", license_term_expiration_date="05/15/2030"))
    assert (report.created, report.updated) == (0, 1)
    kept.refresh_from_db()
    assert str(kept.license_until) == "2030-05-15"
    assert kept.name == "River Foods at the Corner"  # a person's word


def test_another_citys_file_does_not_write_over_what_its_own_says(load):
    load(named("100"))
    kept = of("100")
    Organization.objects.filter(pk=kept.organization_id).update(source="county")
    load(named("200", address="9 S ELM ST"))
    services.merge_businesses(kept=kept, gone=of("200"), actor=None)
    report = load(named("200", address="40 N BROADWAY", date_issued="05/13/2024"))
    assert (report.created, report.updated, report.outdated) == (0, 0, 1)


def test_undone_each_is_found_by_its_own_number(load):
    load(named("100"), named("200"))
    kept, gone = of("100"), of("200")
    services.undo_merge(merge=services.merge_businesses(kept=kept, gone=gone, actor=None), actor=None)
    report = load(named("100"), named("200", date_issued="05/13/2024"))
    assert (report.created, report.updated, report.unchanged) == (0, 1, 1)


class TestGathered:
    def gather(self, load):
        load(named("100"), named("200"), named("200", "2", name="RIVER FOODS TOO"))
        one, other = (Organization.objects.get(account_number=each) for each in ("100", "200"))
        done = services.gather_organization(kept=one, gone=other, actor=None)
        return one, done

    def test_its_places_are_found_by_the_account_that_they_had(self, load):
        one, _done = self.gather(load)
        assert one.sites.count() == 3
        again = load(named("100"), named("200"), named("200", "2", name="RIVER FOODS TOO"))
        assert (again.created, again.updated, again.unchanged, again.merged) == (0, 0, 3, 0)

    def test_a_new_place_of_the_account_goes_there_and_is_found_again(self, load):
        one, _done = self.gather(load)
        third = named("200", "3", name="RIVER FOODS THREE")
        assert load(named("200"), third).created == 1
        assert one.sites.count() == 4
        assert load(named("200"), third).created == 0
        assert SourceNumber.objects.count() == 3

    def test_undone_the_account_has_its_numbers_again(self, load):
        _one, done = self.gather(load)
        services.undo_merge(merge=done, actor=None)
        assert not SourceNumber.objects.exists()
        assert load(named("200", "2", name="RIVER FOODS TOO")).unchanged == 1
        assert list(of("200", "2").organization.sites.values_list("site_number", flat=True)) == ["1", "2"]
