"""The import at the desk: upload, dry run, import, report and its rows; and what comes of bad files."""

import csv
import io
import re
import threading
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from core import clock, files
from core.access import Refused
from core.jobs import services
from core.jobs.models import Job, Status
from core.jobs.running import run_next
from partnerships.businesses import jobs
from partnerships.businesses.jobs_of_duplicates import DUPLICATES
from partnerships.businesses.models import Business, ImportBatch, Organization
from tests.businesses.files import EXTRACT, PRESET, row, write
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, sign_in
from tests.factories.businesses import BusinessFactory
from tests.factories.jobs import REPORT, job

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "/desk/businesses/import/"


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_PULSE = 0.05


def table(tmp_path, *rows) -> bytes:
    return write(tmp_path / "table.csv", list(rows) or [row()]).read_bytes()


def upload(client, content: bytes, name: str = "licenses.csv", preset: str = PRESET):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content), "preset": preset})


def ended(job: Job) -> Job:
    """The job once a worker has carried it out."""
    assert run_next() == job
    job.refresh_from_db()
    return job


def tried(client, content: bytes, name: str = "licenses.csv") -> Job:
    """The dry run of an uploaded file."""
    assert upload(client, content, name).status_code == 302
    return ended(Job.objects.latest("pk"))


def shown(client, job: Job) -> str:
    return client.get(job.get_absolute_url()).content.decode()


def nothing_was_written() -> bool:
    return not (Business.objects.exists() or Organization.objects.exists() or ImportBatch.objects.exists())


@pytest.mark.parametrize("person", [SupervisorFactory, AdminFactory])
def test_a_file_is_tried_looked_at_imported_and_its_businesses_found(client, person, tmp_path):
    sign_in(client, person())
    content = table(tmp_path, row(), row(site_number="2"), row(account_number="7", latitude="north"))
    dry = tried(client, content)
    assert dry.status == Status.DONE
    assert nothing_was_written()
    page = shown(client, dry)
    assert "Nothing was changed. This is what the import would do." in page
    assert "“north” is not a number." in page
    ask = reverse("desk:import_run", args=[dry.pk])
    assert f'href="{ask}"' in page
    question = client.get(ask).content.decode()
    assert "Import “licenses.csv”?" in question
    assert "2 businesses are added and 0 changed" in question
    client.post(ask)
    real = ended(Job.objects.latest("pk"))
    assert real.status == Status.DONE
    assert Business.objects.count() == 2
    batch = ImportBatch.objects.get()
    assert batch.file_name == "licenses.csv"
    assert batch.by_name == real.owner_name
    rows = reverse("desk:import_rows", args=[real.pk])
    assert f'href="{rows}"' in shown(client, real)
    listed = client.get(rows).content.decode()
    assert listed.count("River Foods") >= 2
    for business in Business.objects.all():
        link = "admin:businesses_business_change" if person is AdminFactory else "desk:business"
        assert f'href="{reverse(link, args=[business.pk])}"' in listed
    batch.pk = None  # another import
    batch.save()
    BusinessFactory(batch=batch)
    taken = b"".join(client.get(f"{rows}?as=csv").streaming_content).decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(taken)))) == 1 + 2


def test_the_page_of_the_job_alone_says_how_far_an_import_is(client, tmp_path):
    sign_in(client, SupervisorFactory())
    file = SimpleUploadedFile("licenses.csv", table(tmp_path))
    page = client.post(UPLOAD, {"file": file, "preset": PRESET}, follow=True)
    assert list(page.context["messages"]) == []
    dry = ended(Job.objects.latest("pk"))
    page = client.post(reverse("desk:import_run", args=[dry.pk]), follow=True)
    assert page.redirect_chain[-1][0] == Job.objects.latest("pk").get_absolute_url()
    assert list(page.context["messages"]) == []


def test_a_dry_run_is_told_from_an_import(client):
    sign_in(client, SupervisorFactory())
    dry, real = job("done"), job("done", dry_run=False)
    listed = client.get(reverse("desk:jobs")).content.decode()
    for each, name in ((dry, "Dry run of a license file"), (real, "Import of a license file")):
        link = re.escape(f'href="{each.get_absolute_url()}"')
        assert re.search(rf"<a[^>]*{link}[^>]*>\s*{name}", listed)
        assert re.search(rf"<h1[^>]*>\s*{name}", shown(client, each))
    assert "would be added" in shown(client, dry)
    assert "would be added" not in shown(client, real)
    said = words_of(client.get(reverse("desk:import_report", args=[dry.pk])))
    assert "Dry run of a license file" in said
    assert "Would be added" in said


def test_a_dry_run_does_not_say_that_something_is_written(client):
    sign_in(client, SupervisorFactory())
    page = shown(client, job("running", done=500, total=500, rate=100.0))
    assert "500 of 500 rows · being compared with the registry now" in page
    assert "being written" not in page
    assert "being written now" in shown(
        client, job("running", dry_run=False, done=500, total=500, rate=100.0)
    )


@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING, Status.DONE])
def test_a_dry_run_that_was_imported_leads_to_its_import_and_asks_no_more(client, tmp_path, status):
    sign_in(client, SupervisorFactory())
    dry = tried(client, table(tmp_path))
    ask = reverse("desk:import_run", args=[dry.pk])
    real = job(status, dry_run=False, arguments={**dry.arguments, "dry_run": False, "tried": dry.pk})
    page = shown(client, dry)
    assert "Import it now" not in page
    assert f'href="{real.get_absolute_url()}"' in page
    assert f'href="{UPLOAD}"' in page, "another dry run"
    before = Job.objects.count()
    for answer in (client.get(ask), client.post(ask, {"form_key": "of another page"})):
        assert (answer.status_code, answer["Location"]) == (302, real.get_absolute_url())
    with pytest.raises(Refused, match="already asked"):
        jobs.begin_import(dry, SupervisorFactory())
    assert Job.objects.count() == before


def test_a_dry_run_whose_import_failed_is_imported_again(client, tmp_path):
    sign_in(client, SupervisorFactory())
    dry = tried(client, table(tmp_path))
    ask = reverse("desk:import_run", args=[dry.pk])
    client.post(ask)
    services.stop_job(job=Job.objects.latest("pk"), actor=None)
    assert f'href="{ask}"' in shown(client, dry)
    client.post(ask, {"form_key": client.get(ask).context["form"]["form_key"].value()})
    assert Job.objects.count() == 3


def test_a_file_whose_lines_are_written_in_two_ways_is_told_once_how_to_save_it(client, tmp_path):
    sign_in(client, SupervisorFactory())
    rows = [row(), row(site_number="2", legal_name="CAFÉ"), row(site_number="3", legal_name="OLÉ")]
    content = table(tmp_path, *rows).replace("CAFÉ".encode(), "CAFÉ".encode("latin-1"))
    dry = tried(client, content)
    page = shown(client, dry)
    assert page.count("CSV UTF-8 (Comma delimited)") == 1
    assert page.index("CSV UTF-8") < page.index("Rows that were left out")
    assert "CSV UTF-8 (Comma delimited)" in words_of(client.get(reverse("desk:import_report", args=[dry.pk])))
    assert "CSV UTF-8" not in shown(client, tried(client, table(tmp_path)))


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_file_with_another_separator_is_read_as_it_is(client, tmp_path, sign):
    sign_in(client, SupervisorFactory())
    out = io.StringIO()
    csv.writer(out, delimiter=sign).writerows(csv.reader(io.StringIO(table(tmp_path).decode())))
    job = tried(client, out.getvalue().encode())
    assert job.status == Status.DONE
    assert (job.result["created"], job.result["rejected"]) == (1, 0)


def test_the_import_is_found_on_the_list_of_businesses_and_leads_back_there(client):
    button = f'href="{UPLOAD}"'
    businesses = reverse("desk:businesses")
    assert button not in sign_in(client, OfficerFactory()).get(businesses).content.decode()
    assert button in sign_in(client, SupervisorFactory()).get(businesses).content.decode()
    assert client.get(UPLOAD).context["above"] == ("Businesses", "desk:businesses")
    sign_in(client, AdminFactory())
    assert client.get(UPLOAD).context["above"] == ("Jobs", "desk:jobs")


def test_officers_import_nothing(client):
    sign_in(client, OfficerFactory())
    assert client.get(UPLOAD).status_code == 403
    assert upload(client, b"a,b\n1,2\n").status_code == 403
    assert not Job.objects.exists()


def test_the_same_upload_sent_twice_is_one_job(client, tmp_path):
    sign_in(client, SupervisorFactory())
    key = client.get(UPLOAD).context["form"]["form_key"].value()
    for _ in range(2):
        file = SimpleUploadedFile("licenses.csv", table(tmp_path))
        client.post(UPLOAD, {"file": file, "preset": PRESET, "form_key": key})
    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"PK\x03\x04 a workbook", "The workbook is damaged."),
        (b"\xd0\xcf\x11\xe0 an old workbook", "This is a workbook of an old Excel."),
        (b"%PDF-1.7 a paper", "This is not a table."),
        (b"\x7fELF\0\0 a program", "This is not a table."),
    ],
)
def test_what_is_no_table_is_refused_where_it_is_chosen(client, content, words):
    sign_in(client, SupervisorFactory())
    answer = upload(client, content)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_a_file_that_is_too_large_is_refused_where_it_is_chosen(client, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "TABLE_LIMIT", 1024 * 1024)
    sign_in(client, SupervisorFactory())
    answer = upload(client, table(tmp_path) + b" " * 1024 * 1024)
    assert "The file is larger than 1 MB. Split it" in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Größe;Straße\nS;Elm\n".encode("latin-1"), "it has no column “ACCOUNT NUMBER”"),
        ("NAME,STREET\nBakery,Elm\n".encode("utf-16"), "it has no column “ACCOUNT NUMBER”"),
        (b"NAME;STREET\nBakery;Elm\n", "it has no column “ACCOUNT NUMBER”"),
        (b"NAME,STREET\nBakery,Elm\n", "it has no column “ACCOUNT NUMBER”"),
        (b"just a sentence without a table", "it has no column “ACCOUNT NUMBER”"),
    ],
)
def test_a_table_of_another_encoding_or_kind_fails_with_one_clear_sentence(client, content, words):
    sign_in(client, SupervisorFactory())
    job = tried(client, content)
    assert job.status == Status.FAILED
    assert words in job.error
    assert job.error.endswith("Nothing was changed.")
    assert str(Path(job.file.path).parent) not in job.error, "an address on our disk means nothing to anyone"
    page = shown(client, job)
    assert "Begin anew" in page
    assert nothing_was_written()


def test_a_file_that_is_gone_is_told_and_nothing_is_written(client, tmp_path):
    sign_in(client, SupervisorFactory())
    dry = tried(client, table(tmp_path))
    client.post(reverse("desk:import_run", args=[dry.pk]))
    Path(dry.file.path).unlink()
    job = ended(Job.objects.latest("pk"))
    assert (job.status, job.error) == (
        Status.FAILED,
        "The uploaded file is not kept any more. Nothing was changed. Upload it again.",
    )
    assert nothing_was_written()


def test_a_preset_that_is_gone_is_told_and_nothing_is_written(client, tmp_path, monkeypatch):
    sign_in(client, SupervisorFactory())
    upload(client, table(tmp_path))
    monkeypatch.setattr(jobs.mappings, "is_known", lambda key: key == "springfield")
    job = ended(Job.objects.latest("pk"))
    assert job.status == Status.FAILED
    assert "There is no preset “chicago-licenses” any more." in job.error
    assert "chicago-licenses" in shown(client, job)
    assert nothing_was_written()


@pytest.mark.parametrize("arguments", [{}, {"preset": PRESET}, {"dry_run": True}])
def test_a_job_that_does_not_say_how_to_read_its_file_is_told_in_a_sentence(client, tmp_path, arguments):
    sign_in(client, SupervisorFactory())
    upload(client, table(tmp_path))
    Job.objects.update(arguments=arguments)
    job = ended(Job.objects.latest("pk"))
    assert job.status == Status.FAILED
    assert job.error.startswith("What was asked for is not on record in full")
    assert "Begin anew" in shown(client, job)
    assert nothing_was_written()


def test_an_import_that_is_stopped_halfway_leaves_nothing(client, settings, monkeypatch):
    supervisor = SupervisorFactory()
    sign_in(client, supervisor)
    dry = tried(client, EXTRACT.read_bytes())
    client.post(reverse("desk:import_run", args=[dry.pk]))
    job = Job.objects.latest("pk")
    told = []

    def ask_to_stop():  # another person's request, over another connection
        services.stop_job(job=job, actor=None)
        connection.close()

    def stop(pulse, done, total):
        told.append(done)
        if len(told) == 1:
            other = threading.Thread(target=ask_to_stop)
            other.start()
            other.join()
            while pulse._reason is None:  # the pulse hears of it within a beat
                pulse._over.wait(0.01)
        pulse.check()

    monkeypatch.setattr("core.jobs.pulse.Pulse.__call__", stop)
    ended(job)
    assert job.status == Status.CANCELLED
    assert len(told) == 1
    assert nothing_was_written()
    assert "Nothing of it stays" in shown(client, job)


def test_the_file_is_kept_until_some_days_after_the_last_job_that_needs_it(client, tmp_path, settings):
    sign_in(client, SupervisorFactory())
    dry = tried(client, table(tmp_path))
    path = Path(dry.file.path)
    assert path.parent == Path(settings.MEDIA_ROOT) / "jobs"
    assert path.stem.isalnum()
    assert len(path.stem) == 32
    Job.objects.update(finished_at=clock.now() - settings.JOB_FILES_KEPT - timedelta(hours=1))
    client.post(reverse("desk:import_run", args=[dry.pk]))
    assert services.remove_old_files() == 0, "the import has not begun yet"
    ended(Job.objects.latest("pk"))
    assert services.remove_old_files() == 0
    Job.objects.update(finished_at=clock.now() - settings.JOB_FILES_KEPT - timedelta(hours=1))
    assert services.remove_old_files() == 1
    assert not path.exists()
    assert not Job.objects.exclude(file="").exists()
    Job.objects.exclude(pk=dry.pk).update(arguments={})  # as if of another file
    ask = reverse("desk:import_run", args=[dry.pk])
    assert "not kept any more" in client.get(ask).content.decode()
    refused = client.post(ask, {"form_key": "of another page"})
    assert refused.status_code == 403
    assert "not kept any more" in refused.content.decode()
    assert Job.objects.exclude(kind=DUPLICATES).count() == 2


def test_progress_is_told_in_rows(client):
    sign_in(client, SupervisorFactory())
    job = tried(client, EXTRACT.read_bytes())
    assert job.done == job.total == job.result["rows"]


def test_an_admin_finds_the_import_in_the_administration(client):
    index = sign_in(client, AdminFactory()).get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("desk:import")}"' in index
    assert client.get(reverse("desk:import")).status_code == 200


def words_of(answer) -> str:
    """What a PDF says, in one line."""
    pages = pypdf.PdfReader(io.BytesIO(b"".join(answer.streaming_content))).pages
    return " ".join(" ".join(each.extract_text() for each in pages).split())


@pytest.mark.parametrize("dry_run", [True, False])
def test_the_report_on_paper_says_what_the_page_of_the_job_says(client, dry_run):
    owner = SupervisorFactory()
    sign_in(client, owner)
    errors: list[dict[str, Any]] = [
        {"line": 7, "column": "LATITUDE", "reason": "“#read(1) ] $x$” is not a number."},
        {"line": 1009, "column": "", "reason": "The row has 3 cells where the header has 20."},
    ]
    result = {**REPORT, "dry_run": dry_run, "errors": errors, "rejected": 1502, "rows": 12_345}
    done = job("done", owner=owner, dry_run=dry_run, file_name="licenses 2026.csv", result=result)
    page = shown(client, done)
    address = reverse("desk:import_report", args=[done.pk])
    assert address in page
    said = words_of(client.get(address))
    labels = [*re.findall(r"<dt[^>]*>(.*?)</dt>", page, re.DOTALL)]
    for label in map(unescape, labels):
        assert label.strip().lower() in said.lower() or label in ("Asked for", "Begun", "Number"), label
    for each in ("licenses 2026.csv", owner.display_name, "12,345", "1,502", "1,009", "1925 5", "1933 3"):
        assert each in said
    assert "1,500 more are not listed here." in said
    for error in errors:
        assert error["reason"] in said
    assert ("Nothing was changed." in said) is dry_run


def test_every_row_that_was_left_out_can_be_taken_along(client):
    sign_in(client, SupervisorFactory())
    errors = [{"line": n, "column": "PHONE", "reason": "“=1+1” is no phone."} for n in range(2, 152)]
    done = job("done", result={**REPORT, "errors": errors, "rejected": 1502})
    page = shown(client, done)
    address = reverse("desk:import_left_out", args=[done.pk])
    assert address in page
    assert page.count("is no phone") == 20
    assert "The first 20 of 1,502 are shown." in page
    assert "The first 150 are in it." in page
    answer = client.get(address)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0] == "Line,Column,Why"
    assert len(lines) == 151
    assert lines[-1] == "151,PHONE,“=1+1” is no phone."


def test_what_stands_in_the_rows_comes_along_while_the_file_is_kept(client, tmp_path):
    sign_in(client, SupervisorFactory())
    half = row(account_number="8", legal_name="=1+1", longitude="")
    dry = tried(client, table(tmp_path, row(), row(account_number="7", latitude="north"), half))
    address = reverse("desk:import_left_out", args=[dry.pk])
    assert "and what stands in the row." in shown(client, dry)
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert [(each["Line"], each["Column"], each["ACCOUNT NUMBER"]) for each in lines] == [
        ("3", "LATITUDE", "7"),
        ("4", "LONGITUDE", "8"),
    ]
    assert lines[0]["LATITUDE"] == "north"
    assert lines[1]["LEGAL NAME"] == "'=1+1", "a spreadsheet is told no formula"
    dry.file.delete()
    assert "The file is not kept any more" in shown(client, dry)
    text = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    assert text.splitlines()[0] == "Line,Column,Why"
    assert len(text.splitlines()) == 3


def test_the_admin_reads_the_report_as_the_desk_does(client):
    sign_in(client, AdminFactory())
    errors = [{"line": 7, "column": "PHONE", "reason": "“x” is no phone."}]
    report = {**REPORT, "dry_run": False, "errors": errors, "rejected": 1}
    batch = ImportBatch.objects.create(kind="businesses", file_name="licenses.csv", report=report)
    page = client.get(reverse("admin:businesses_importbatch_change", args=[batch.pk])).content.decode()
    assert "Rows that were left out" in page
    assert "“x” is no phone." in page
    assert "{&#x27;" not in page
    assert "&quot;errors&quot;" not in page
    areas = ImportBatch.objects.create(kind="areas: beat", file_name="beats.json", report={"created": 3})
    page = client.get(reverse("admin:businesses_importbatch_change", args=[areas.pk])).content.decode()
    assert "created: 3" in page


@pytest.mark.parametrize("name", ["desk:import_report", "desk:import_left_out"])
def test_whoever_does_not_see_the_job_does_not_get_its_report(client, name):
    done = job("done", owner=SupervisorFactory())
    address = reverse(name, args=[done.pk])
    for person in (OfficerFactory(), SupervisorFactory()):
        sign_in(client, person)
        answers = {client.get(done.get_absolute_url()).status_code, client.get(address).status_code}
        assert answers == ({404} if person.role == "officer" else {200})


@pytest.mark.parametrize("status", ["queued", "running", "failed", "cancelled"])
def test_a_job_that_is_not_done_has_no_report(client, status):
    sign_in(client, SupervisorFactory())
    assert client.get(reverse("desk:import_report", args=[job(status).pk])).status_code == 404
