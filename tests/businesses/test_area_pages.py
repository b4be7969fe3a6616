"""The import of areas at the desk: a file, what it holds, what would move; and what goes wrong."""

import json
import re
import threading
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from core import clock
from core.access import Refused
from core.jobs import services as job_services
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from partnerships.businesses import jobs_of_areas, services
from partnerships.businesses.imports import areas as importing
from partnerships.businesses.imports.outlines import opening, zips
from partnerships.businesses.models import Area, AreaShape, ImportBatch
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, sign_in
from tests.factories.businesses import DistrictAssignmentFactory, square
from tests.racing import race

from .area_files import FEET, TWO, geojson_file, in_feet, shapefile_zip
from .bad_area_files import BAD

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "/desk/businesses/areas/import/"
SINCE = "2012-12-01"


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_PULSE = 0.05


def upload(client, content: bytes, name: str = "districts.geojson"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def ended(job: Job) -> Job:
    """The job once a worker has carried it out."""
    assert run_next() == job
    job.refresh_from_db()
    return job


def looked(client, content: bytes, name: str = "districts.geojson") -> Job:
    """The first look at an uploaded file."""
    assert upload(client, content, name).status_code == 302
    return ended(Job.objects.latest("pk"))


def said(**changes):
    """What is sent from the page that asks what a file holds."""
    return {
        "kind": "district", "name_field": "NUM", "label_field": "", "parent_field": "", "valid_from": SINCE,
        "form_key": str(len(changes)), **changes,
    }  # fmt: skip


def tried(client, look: Job, **changes) -> Job:
    """The dry run of a file that was looked at."""
    answer = client.post(reverse("desk:areas_meaning", args=[look.pk]), said(**changes))
    assert answer.status_code == 302, answer.context["form"].errors
    return ended(Job.objects.latest("pk"))


def imported(client, dry: Job, **typed) -> Job:
    """The import of a dry run."""
    answer = client.post(reverse("desk:areas_run", args=[dry.pk]), {"form_key": "once", **typed})
    assert answer.status_code == 302, answer.content.decode()
    return ended(Job.objects.latest("pk"))


def shown(client, job: Job) -> str:
    return client.get(job.get_absolute_url()).content.decode()


def nothing_was_written() -> bool:
    return not (Area.objects.exists() or AreaShape.objects.exists() or ImportBatch.objects.exists())


@pytest.mark.parametrize("person", [SupervisorFactory, AdminFactory])
def test_a_file_is_looked_at_understood_tried_and_imported(client, person):
    sign_in(client, person())
    look = looked(client, shapefile_zip(in_feet()), "Districts.zip")
    assert look.status == Status.DONE
    ask = reverse("desk:areas_meaning", args=[look.pk])
    assert f'href="{ask}"' in shown(client, look)
    page = client.get(ask).content.decode()
    assert "its numbers are no degrees. Say their EPSG code below." in page
    assert "NUM (1, 2)" in page
    assert "Señor Peñón" in page
    dry = tried(client, look, label_field="NAME", code=str(FEET))
    assert dry.status == Status.DONE
    assert nothing_was_written()
    page = shown(client, dry)
    assert "Nothing was changed. This is what the import would do." in page
    assert "<svg" in page
    run = reverse("desk:areas_run", args=[dry.pk])
    assert f'href="{run}"' in page
    assert f'href="{ask}"' in page, "read another way"
    assert "2 areas are new" in client.get(run).content.decode()
    real = imported(client, dry)
    assert real.status == Status.DONE
    assert {str(area) for area in Area.objects.all()} == {"Río Norte", "Señor Peñón"}
    assert ImportBatch.objects.get().by_name == real.owner_name
    page = shown(client, real)
    assert "Import it now" not in page
    assert "would be new" not in page
    assert "Import it now" not in shown(client, dry)
    assert client.get(run).headers["Location"] == real.get_absolute_url()
    with pytest.raises(Refused, match="already asked"):
        jobs_of_areas.begin_areas(dry, SupervisorFactory())


def edition(*changed):
    """Ten districts side by side; the first is changed, the last ones are missing."""
    whole = [({"NUM": str(n + 1)}, square(-88 + 0.1 * n, 41.9, 0.1)) for n in range(10)]
    return [*changed, *whole[len(changed) :]]


def test_a_new_edition_shows_what_moves_and_who_loses_a_district(client):
    sign_in(client, SupervisorFactory())
    imported(client, tried(client, looked(client, geojson_file(edition())), valid_from="2008-01-01"))
    officer = OfficerFactory(full_name="Lee Lost")
    DistrictAssignmentFactory(user=officer, area=Area.objects.get(code="10"), starts_on=date(2008, 1, 1))
    services.add_business(actor=None, name="Corner", latitude=41.95, longitude=-87.91)
    smaller = edition(({"NUM": "1"}, square(-88, 41.9, 0.08)))[:-1]
    dry = tried(client, looked(client, geojson_file(smaller)))
    page = shown(client, dry)
    assert f"{officer.display_name} cover no district from then on" in page
    table = page[page.index("Area by area") :]
    cells = [re.sub(r"<[^>]+>", " ", each).split() for each in table.split("<tr")[2:4]]
    assert "other border" in " ".join(cells[0])
    assert "ends" in cells[1]
    assert page.count('class="area-map__before"') == 3, "two borders of before, and the legend"
    assert 'class="area-map__moved"' in page
    assert "The table below says the same in words and numbers." in page
    real = imported(client, dry)
    assert real.status == Status.DONE
    assert Area.objects.current().count() == 9


def test_an_edition_that_ends_many_is_taken_only_with_their_number_typed(client):
    sign_in(client, SupervisorFactory())
    imported(client, tried(client, looked(client, geojson_file(edition())), valid_from="2008-01-01"))
    few = edition(({"NUM": "1"}, square(-88, 41.9, 0.08)))[:4]
    dry = tried(client, looked(client, geojson_file(few)))
    assert "Many areas end:" in shown(client, dry)
    run = reverse("desk:areas_run", args=[dry.pk])
    assert "type how many areas end or move elsewhere: 6" in client.get(run).content.decode()
    for typed, words in (({}, "Type the number of areas"), ({"typed": "4"}, "That is another number")):
        answer = client.post(run, {"form_key": "x", **typed})
        assert answer.status_code == 200
        assert words in answer.content.decode()
    assert Job.objects.filter(arguments__dry_run=False).count() == 1
    assert imported(client, dry, typed="6").status == Status.DONE
    assert Area.objects.current().count() == 4


def test_a_dry_run_of_before_another_import_is_not_imported(client):
    sign_in(client, SupervisorFactory())
    first = tried(client, looked(client, geojson_file(edition())), valid_from="2008-01-01")
    imported(client, tried(client, looked(client, geojson_file(edition()[:2])), valid_from="2008-01-01"))
    answer = client.post(reverse("desk:areas_run", args=[first.pk]), {"form_key": "y"})
    assert answer.status_code == 403
    assert "The areas were changed since this dry run." in answer.content.decode()
    assert Area.objects.count() == 2


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_in_a_sentence_and_leaves_nothing(client, monkeypatch, kind):
    monkeypatch.setattr(zips, "MOST_UNPACKED", 1024 * 1024)
    sign_in(client, SupervisorFactory())
    answer = upload(client, BAD[kind][0])
    if answer.status_code == 200:
        told = answer.context["form"].errors["file"][0]
    else:
        look = ended(Job.objects.latest("pk"))
        if look.status == Status.FAILED:
            told = look.error
            assert told.endswith("Nothing was changed.")
            assert told in shown(client, look).replace("&#x27;", "'")
        else:
            told = _told_later(client, look)
    assert told.endswith((".", "?"))
    assert "\n" not in told
    assert nothing_was_written()


def _told_later(client, look: Job) -> str:
    """What is said of a file that could be looked at, once it is said how it is to be read."""
    answer = client.post(reverse("desk:areas_meaning", args=[look.pk]), said())
    if answer.status_code == 200:
        return next(iter(answer.context["form"].errors.values()))[0]
    dry = ended(Job.objects.latest("pk"))
    assert dry.status == Status.FAILED
    return dry.error


def test_a_file_that_is_too_large_is_refused_where_it_is_chosen(client, monkeypatch):
    monkeypatch.setattr("partnerships.businesses.forms.areas.LARGEST", 1024)
    sign_in(client, SupervisorFactory())
    assert "larger than" in upload(client, b"{" + b" " * 1024).content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"valid_from": ""}, "valid_from", "Say since when"),
        ({"valid_from": "2999-01-01"}, "valid_from", "still to come"),
        ({"name_field": ""}, "name_field", "Choose what tells"),
        ({"name_field": "GAPS"}, "name_field", "1 of the areas have nothing there"),
        ({"name_field": "LONG"}, "name_field", "has 21 characters, and a number may have 20"),
        ({"code": ""}, "code", "Say the EPSG code"),
        ({"code": "5703"}, "code", "no coordinates of a map"),
        ({"code": "feet"}, "code", "Write the code as a number"),
        ({"code": "9999999"}, "code", "Write the code as a number"),
    ],
)
def test_what_is_wrong_on_the_page_is_said_beside_it(client, changes, field, words):
    sign_in(client, SupervisorFactory())
    areas = [({**told, "GAPS": "", "LONG": "x" * 21}, each) for told, each in in_feet()]
    areas[1][0]["GAPS"] = "2"
    look = looked(client, geojson_file(areas))
    answer = client.post(
        reverse("desk:areas_meaning", args=[look.pk]), said(**{"code": str(FEET), **changes})
    )
    assert answer.status_code == 200
    assert words in answer.context["form"].errors[field][0]
    assert Job.objects.count() == 1


def test_older_borders_than_here_are_told_with_what_to_do(client):
    sign_in(client, SupervisorFactory())
    imported(client, tried(client, looked(client, geojson_file(edition()))))
    changed = edition(({"NUM": "1"}, square(-88, 41.9, 0.08)))
    dry = tried(client, looked(client, geojson_file(changed)), valid_from="2008-01-01")
    assert dry.status == Status.FAILED
    assert "already has it as of December 1, 2012. Choose a later day." in dry.error


def test_officers_import_nothing(client):
    sign_in(client, OfficerFactory())
    assert client.get(UPLOAD).status_code == 403
    assert upload(client, geojson_file()).status_code == 403
    assert not Job.objects.exists()


def test_the_same_page_sent_twice_is_one_job(client):
    sign_in(client, SupervisorFactory())
    look = looked(client, geojson_file())
    for _each in range(2):
        client.post(reverse("desk:areas_meaning", args=[look.pk]), said(form_key="the same"))
    assert Job.objects.filter(kind=jobs_of_areas.AREAS).count() == 1


def test_two_imports_at_once_are_one_after_the_other(tmp_path):
    """Both would make the same districts; the second finds those of the first."""
    path = tmp_path / "districts.geojson"
    path.write_bytes(geojson_file())
    act = lambda: importing.import_areas(  # noqa: E731
        path, kind="district", name_field="NUM", valid_from=date(2012, 12, 1), actor=None
    )
    first, second = race([act, act])
    assert {first.created, second.created} == {0, 2}
    assert {first.unchanged, second.unchanged} == {0, 2}
    assert Area.objects.count() == AreaShape.objects.count() == 2


def test_without_the_lock_two_imports_at_once_collide(tmp_path, monkeypatch):
    """The lock matters: without it one of them ends in an error of the database."""
    path = tmp_path / "districts.geojson"
    path.write_bytes(geojson_file())
    both = threading.Barrier(2)
    plan = importing.redraw.plan

    def planned(*told):
        found = plan(*told)
        both.wait(20)
        return found

    monkeypatch.setattr(importing.redraw, "plan", planned)
    monkeypatch.setattr(importing.locks, "one_at_a_time", lambda name: None)
    act = lambda: importing.import_areas(  # noqa: E731
        path, kind="district", name_field="NUM", valid_from=date(2012, 12, 1), actor=None
    )
    results = race([act, act])
    assert sum(isinstance(each, Exception) for each in results) == 1


def test_an_import_whose_worker_dies_halfway_leaves_nothing_and_is_done_again(client, monkeypatch):
    sign_in(client, SupervisorFactory())
    services.add_business(actor=None, name="Corner", latitude=41.95, longitude=-87.65)
    dry = tried(client, looked(client, geojson_file()))
    client.post(reverse("desk:areas_run", args=[dry.pk]), {"form_key": "once"})
    job = Job.objects.latest("pk")
    follow = importing.moving.follow

    def die(*told):
        follow(*told)
        raise KeyboardInterrupt  # as when the process is ended

    with monkeypatch.context() as dying:
        dying.setattr(importing.moving, "follow", die)
        with pytest.raises(KeyboardInterrupt):
            run_next()
    assert nothing_was_written()
    Job.objects.filter(pk=job.pk).update(lease_until=clock.now() - timedelta(days=1))
    assert ended(job).status == Status.DONE
    assert job.attempts == 2
    assert Area.objects.count() == 2


def test_an_import_that_is_stopped_leaves_nothing(client, monkeypatch):
    sign_in(client, SupervisorFactory())
    services.add_business(actor=None, name="Corner", latitude=41.95, longitude=-87.65)
    dry = tried(client, looked(client, geojson_file()))
    client.post(reverse("desk:areas_run", args=[dry.pk]), {"form_key": "once"})
    job = Job.objects.latest("pk")

    def ask_to_stop():
        job_services.stop_job(job=job, actor=None)
        connection.close()

    def stop(pulse, done, total):
        other = threading.Thread(target=ask_to_stop)
        other.start()
        other.join()
        while pulse._reason is None:
            pulse._over.wait(0.01)
        pulse.check()

    monkeypatch.setattr("core.jobs.pulse.Pulse.__call__", stop)
    assert ended(job).status == Status.CANCELLED
    assert nothing_was_written()


def test_a_file_that_is_gone_is_told(client):
    sign_in(client, SupervisorFactory())
    upload(client, geojson_file())
    look = Job.objects.latest("pk")
    opening.Path(look.file.path).unlink()
    assert (
        ended(look).error == "The uploaded file is not kept any more. Nothing was changed. Upload it again."
    )


def test_names_of_a_file_are_text_on_every_page(client):
    sign_in(client, SupervisorFactory())
    hostile = '<script>alert("x")</script>'
    look = looked(client, geojson_file([({"NUM": "<b>1</b>", hostile: hostile}, TWO[0][1])]))
    pages = [shown(client, look), client.get(reverse("desk:areas_meaning", args=[look.pk])).content.decode()]
    pages.append(shown(client, tried(client, look)))
    for page in pages:
        assert "<script>alert" not in page
        assert "<b>1</b>" not in page


def test_the_report_of_an_import_is_kept_without_its_map(client):
    sign_in(client, SupervisorFactory())
    imported(client, tried(client, looked(client, geojson_file())))
    kept = ImportBatch.objects.get().report
    assert kept["created"] == 2
    assert "map" not in kept
    assert len(json.dumps(kept)) < 2_000


def test_the_import_is_found_where_licenses_and_the_administration_are(client):
    sign_in(client, SupervisorFactory())
    assert f'href="{UPLOAD}"' in client.get(reverse("desk:import")).content.decode()
    sign_in(client, AdminFactory())
    assert f'href="{UPLOAD}"' in client.get(reverse("admin:index")).content.decode()
