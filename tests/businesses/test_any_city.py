"""Files of six shapes load by the proposal alone: each place once, the closed ones closed, nothing twice."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core import clock
from core.progress import Progress
from partnerships.businesses.imports.businesses import import_businesses
from partnerships.businesses.imports.errors import ImportRefusedError
from partnerships.businesses.imports.looking import look_through
from partnerships.businesses.imports.presets import preset_of
from partnerships.businesses.models import Business, Organization

from . import city_files

pytestmark = pytest.mark.django_db
COUNT = 400


def quiet(done: int, total: int) -> None:
    """Progress that nobody looks at."""


def proposed(path, key="here"):
    """How the file is read by what was found in it, corrected by nobody."""
    progress: Progress = quiet
    found = look_through(path, path.name, progress)["proposal"]
    return preset_of(
        {
            "columns": found["columns"],
            "date_format": found["date_format"] or "%Y-%m-%d",
            "number_stays": found["number_stays"],
            "recase": found["shouts"],
            "withheld": list(found["withheld"]),
            "statuses": {text: state for text, state in found["statuses"].items() if state},
        },
        key,
        path.name,
    )


@pytest.mark.parametrize("shape", city_files.SHAPES)
def test_a_file_loads_by_its_proposal_and_the_next_years_file_doubles_nothing(tmp_path, shape):
    truth = city_files.places(COUNT)
    path = city_files.write(shape, tmp_path, truth)
    preset = proposed(path)
    report = import_businesses(path, preset, actor=None)
    assert report.rejected == 0, report.errors[:3]
    assert abs(Business.objects.count() - len(truth)) <= len(truth) * 0.02
    assert Organization.objects.count() == Business.objects.count()
    if shape != "plain":
        closed = Business.objects.exclude(closed_on=None).count()
        wanted = sum(each.closed_on is not None for each in truth)
        assert abs(closed - wanted) <= max(2, wanted * 0.02)
    some = truth[0]
    found = Business.objects.get(name=some.name, street__startswith=str(some.house))
    assert found.postal_code[:5] == some.postal_code or shape == "yearly"
    if shape in {"accounts", "parts", "oneline", "located"}:
        assert (found.latitude, found.longitude) == (some.latitude, some.longitude)

    again = import_businesses(path, preset, actor=None)
    assert (again.created, again.updated, again.closed) == (0, 0, 0)

    opened = city_files.places(COUNT + 20)[len(truth) :]
    later = city_files.write(shape, tmp_path, [*truth, *opened], 2026)
    before = Business.objects.count()
    report = import_businesses(later, preset, actor=None)
    assert report.rejected == 0
    assert 0 <= Business.objects.count() - before <= len(opened)
    assert report.created >= len(opened) - 1


def test_an_import_that_closes_much_is_asked_about(tmp_path):
    truth = [each for each in city_files.places(COUNT) if each.closed_on is None]
    path = city_files.write("oneline", tmp_path, truth)
    preset = proposed(path)
    import_businesses(path, preset, actor=None)
    shut = [replace(each, closed_on=date(2025, 5, 1)) for each in truth[: len(truth) // 3]]
    later = city_files.write("oneline", tmp_path, [*shut, *truth[len(shut) :]], 2026)
    tried = import_businesses(later, preset, actor=None, dry_run=True)
    assert (tried.closed, tried.closes_many) == (len(shut), True)
    with pytest.raises(ImportRefusedError, match="open businesses of its source"):
        import_businesses(later, preset, actor=None)
    assert not Business.objects.exclude(closed_on=None).exists()
    assert import_businesses(later, preset, actor=None, close_many=True).closed == len(shut)
    assert Business.objects.exclude(closed_on=None).count() == len(shut)


def test_a_place_that_closed_on_no_told_day_closes_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Business Name,Street,Status\nCorner Bean,12 Elm St,Closed\nNail Bar,14 Elm St,Open\n")
    preset = proposed(path)
    first = clock.now()
    import_businesses(path, preset, actor=None)
    day = Business.objects.get(name="Corner Bean").closed_on
    assert day == clock.today()
    with clock.at(first + timedelta(days=40)):
        again = import_businesses(path, preset, actor=None)
    assert (again.updated, again.kept, again.unchanged) == (0, 0, 2)
    assert Business.objects.get(name="Corner Bean").closed_on == day


def test_of_a_phone_the_first_number_is_kept_a_local_one_too_and_what_a_spreadsheet_cut_is_not(tmp_path):
    path = tmp_path / "a.csv"
    rows = ["A,1 Elm St,312-555-0134 / 312-555-0199", "B,2 Elm St,555-0199", "C,3 Elm St,3.12555E+09"]
    path.write_text("\n".join(["Business Name,Street Address,Phone", *rows]))
    says = {"name": "Business Name", "street": "Street Address", "phone": "Phone"}
    import_businesses(path, preset_of({"columns": says}, "here", "a"), actor=None)
    kept = dict(Business.objects.values_list("name", "phone"))
    assert kept == {"A": "(312) 555-0134", "B": "555-0199", "C": ""}
