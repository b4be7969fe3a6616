"""A new kind of file at the desk: its columns are proposed, corrected and kept, then it is imported."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.jobs.models import Job, Status
from core.jobs.running import run_next
from partnerships.businesses import jobs, services
from partnerships.businesses.jobs_of_duplicates import DUPLICATES
from partnerships.businesses.models import Business, ImportMapping
from tests.businesses import city_files
from tests.factories.accounts import AdminFactory, OfficerFactory, SupervisorFactory, sign_in
from tests.markup import untouched
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)
UPLOAD = "/desk/businesses/import/"
TRUTH = city_files.places(30)


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_PULSE = 0.05


def ended(status=Status.DONE):
    row = Job.objects.exclude(kind=DUPLICATES).latest("pk")
    while (done := run_next()) != row:  # a look for duplicates that an import asked for
        assert done is not None
    row.refresh_from_db()
    assert row.status == status, row.error
    return row


def upload(client, path, preset="new"):
    answer = client.post(UPLOAD, {"file": SimpleUploadedFile(path.name, path.read_bytes()), "preset": preset})
    assert answer.status_code == 302
    return ended()


def typed_into(answer, **typed):
    """What a browser sends from the page, with what was typed."""
    return {**dict(untouched(answer.content.decode(), holds="form_key")), **typed}


def columns_of(look):
    return reverse("desk:import_columns", args=[look.pk])


def column(look, head):
    return f"column-{look.result['heads'].index(head)}"


@pytest.mark.parametrize("person", [SupervisorFactory, AdminFactory])
def test_a_new_kind_of_file_goes_from_upload_to_import_without_a_correction(client, person, tmp_path):
    sign_in(client, person())
    look = upload(client, city_files.write("parts", tmp_path, TRUTH))
    assert look.kind == jobs.LOOK
    page = client.get(look.get_absolute_url()).content.decode()
    assert f'href="{columns_of(look)}"' in page
    assert not Business.objects.exists()

    shown = client.get(columns_of(look))
    text = shown.content.decode()
    assert TRUTH[0].name in text, "the preview tells a name in the letters in which it is stored"
    assert "What the state of a license says" in text
    done = client.post(columns_of(look), typed_into(shown, label="City workbook", go="1"))
    assert done.status_code == 302
    tried = ended()
    assert (tried.kind, tried.arguments["preset"]) == (jobs.IMPORT, "city-workbook")
    assert tried.result["created"] == len(TRUTH)
    assert not Business.objects.exists()
    kept = ImportMapping.objects.get()
    assert (kept.label, kept.key) == ("City workbook", "city-workbook")
    assert "City workbook" in client.get(tried.get_absolute_url()).content.decode()

    ask = reverse("desk:import_run", args=[tried.pk])
    client.post(ask, {"form_key": client.get(ask).context["form"]["form_key"].value()})
    assert ended().result["created"] == len(TRUTH)
    assert Business.objects.count() == len(TRUTH)

    assert "City workbook" in client.get(UPLOAD).content.decode()
    next_year = upload(client, city_files.write("parts", tmp_path, TRUTH, 2026), preset="city-workbook")
    assert (next_year.kind, next_year.result["created"]) == (jobs.IMPORT, 0)


def test_a_correction_shows_in_the_preview_and_nothing_is_kept_before_it_is_asked_for(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    shown = client.get(columns_of(look))
    changed = typed_into(shown, **{column(look, "Business Name"): "legal_name", "preview": "1"})
    page = client.post(columns_of(look), changed)
    assert page.status_code == 200
    assert page.context["form"]["label"].value()
    assert not ImportMapping.objects.exists()
    values = page.context["preview"][0].values
    assert (values["legal_name"], values["name"]) == (TRUTH[0].name, TRUTH[0].name)
    nameless = client.post(columns_of(look), {**changed, column(look, "Business Name"): ""})
    assert "does not say which column holds the name" in nameless.content.decode()


def test_one_meaning_for_two_columns_is_said_at_the_second(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    shown = client.get(columns_of(look))
    answer = client.post(columns_of(look), typed_into(shown, **{column(look, "City"): "name", "go": "1"}))
    assert answer.status_code == 200
    assert "“Business Name” is “Name, as customers know it”, too" in answer.content.decode()
    assert not ImportMapping.objects.exists()
    assert Job.objects.count() == 1


def test_what_a_mapping_lacks_is_said_and_nothing_is_kept(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    shown = client.get(columns_of(look))
    gone = {column(look, "Street Address"): "", "go": "1"}
    answer = client.post(columns_of(look), typed_into(shown, **gone))
    assert "does not say how a place is told from others" in answer.content.decode()
    assert not ImportMapping.objects.exists()
    assert Job.objects.count() == 1


def test_sent_twice_it_is_one_dry_run_and_one_way_to_read_a_file(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    typed = typed_into(client.get(columns_of(look)), go="1")
    first, second = (client.post(columns_of(look), typed) for _each in range(2))
    assert first.url == second.url
    assert ImportMapping.objects.count() == 1
    assert Job.objects.count() == 2


def test_an_officer_says_nothing_of_columns(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    sign_in(client, OfficerFactory())
    assert client.get(columns_of(look)).status_code == 403
    assert client.post(columns_of(look), {"go": "1", "label": "X"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"hello", "holds the name"), (b"Name,Name\nA,B\n", "holds the name"), (b"Name\n" * 3, "")],
)
def test_odd_files_end_in_a_sentence_and_never_in_a_fault(client, tmp_path, content, words):
    sign_in(client, SupervisorFactory())
    path = tmp_path / "odd.csv"
    path.write_bytes(content)
    look = upload(client, path)
    page = client.get(columns_of(look))
    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_file_of_300_columns_is_shown(client, tmp_path):
    sign_in(client, SupervisorFactory())
    heads = ["Business Name", "Street Address", *(f"Column {n}" for n in range(298))]
    path = tmp_path / "wide.csv"
    path.write_text(",".join(heads) + "\n" + ",".join(["Corner Bean", "12 Elm St", *["x"] * 298]) + "\n")
    page = client.get(columns_of(upload(client, path)))
    assert page.context["preview"][0].values["name"] == "Corner Bean"


def test_a_name_that_is_kept_already_is_not_read_another_way_unasked(client, tmp_path):
    sign_in(client, SupervisorFactory())
    ImportMapping.objects.create(key="licenses", label="Licenses", says={"columns": {"name": "A"}})
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    typed = typed_into(client.get(columns_of(look)), label="licenses", go="1")
    answer = client.post(columns_of(look), typed)
    page = answer.content.decode()
    assert "is kept already, and is read another way" in page
    assert 'name="replace"' in page
    assert ImportMapping.objects.get().says == {"columns": {"name": "A"}}
    assert Job.objects.count() == 1
    assert client.post(columns_of(look), {**typed, "replace": "on"}).status_code == 302
    assert ImportMapping.objects.get().says["columns"]["name"] == "Business Name"


def test_names_in_other_letters_are_sources_of_their_own(client):
    says = {"columns": {"name": "A", "street": "B"}}
    kept = [
        services.keep_mapping(label=each, says=says, actor=None).key for each in ("Лицензии", "許可", "Café")
    ]
    assert len(set(kept)) == 3


def test_two_who_keep_one_name_at_once_make_one(client):
    says = {"columns": {"name": "A", "street": "B"}}
    race([lambda: services.keep_mapping(label="Licenses", says=says, actor=None) for _each in range(4)])
    assert ImportMapping.objects.count() == 1


def test_what_was_tried_one_way_is_not_imported_another_way(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("plain", tmp_path, TRUTH))
    client.post(columns_of(look), typed_into(client.get(columns_of(look)), label="City", go="1"))
    tried = ended()
    kept = ImportMapping.objects.get()
    other = {**kept.says, "columns": {**kept.says["columns"], "legal_name": "City"}}
    services.keep_mapping(label="City", says=other, replace=True, actor=None)
    ask = reverse("desk:import_run", args=[tried.pk])
    answer = client.post(ask, {"form_key": client.get(ask).context["form"]["form_key"].value()})
    assert answer.status_code == 403
    assert "Look the file through again" in answer.content.decode()
    assert not Business.objects.exists()
