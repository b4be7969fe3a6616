"""Ways to read files: seen, taken along, read by the command; letters that look wrong are read anew."""

import tomllib

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.jobs.models import Job
from partnerships.businesses import jobs, services
from partnerships.businesses.imports.presets import load_mapping, preset_of
from partnerships.businesses.models import Business, ImportMapping
from tests.businesses import city_files
from tests.factories.accounts import OfficerFactory, SupervisorFactory, sign_in

from .test_import_columns import columns_of, ended, typed_into, upload

pytestmark = pytest.mark.django_db(transaction=True)
SAYS = {
    "columns": {"name": "Nombre “Café”\\N", "street": "Calle 1 + Calle 2"},
    "date_format": "%d/%m/%Y",
    "recase": True,
    "number_stays": False,
    "withheld": ["N/A", 'say "no"'],
    "towns": ["Springfield"],
    "leaves_out": ["home_based"],
    "statuses": {"Active – 1": "open", "Gone": "closed"},
}


@pytest.fixture(autouse=True)
def _files_elsewhere(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.JOB_PULSE = 0.05


@pytest.fixture
def kept():
    return services.keep_mapping(label="City workbook", says=SAYS, actor=None)


def test_a_way_has_a_page_and_a_file_that_says_the_same(client, kept, tmp_path):
    sign_in(client, SupervisorFactory())
    listed = client.get(reverse("desk:mappings")).content.decode()
    page = reverse("desk:mapping", args=[kept.pk])
    assert f'href="{page}"' in listed
    told = client.get(page).content.decode()
    for each in (
        "Nombre “Café”",
        "Name, as customers know it",
        "The business is open",
        "31/05/2026",
        "Springfield",
    ):
        assert each in told
    assert f'href="{reverse("desk:mappings")}"' in client.get(reverse("desk:import")).content.decode()
    file = client.get(reverse("desk:mapping_file", args=[kept.pk]))
    assert "city-workbook.toml" in file.headers["Content-Disposition"]
    path = tmp_path / "city-workbook.toml"
    path.write_bytes(b"".join(file.streaming_content))
    assert tomllib.loads(path.read_text(encoding="utf-8")) == {"label": "City workbook", **SAYS}
    assert load_mapping(path) == preset_of(
        {"label": "City workbook", **SAYS}, "city-workbook", "City workbook"
    )


def test_officers_do_not_see_them(client, kept):
    sign_in(client, OfficerFactory())
    for name, args in (("mappings", []), ("mapping", [kept.pk]), ("mapping_file", [kept.pk])):
        assert client.get(reverse(f"desk:{name}", args=args)).status_code == 403


def test_the_command_reads_by_a_way_of_one_s_own(tmp_path):
    services.keep_mapping(label="Mine", says={"columns": {"name": "Name", "street": "Street"}}, actor=None)
    path = tmp_path / "a.csv"
    path.write_text("Name,Street\nCorner Bean,12 Elm St\n")
    call_command("import_businesses", path, preset="mine", verbosity=0)
    assert Business.objects.get().organization.source == "mine"
    with pytest.raises(CommandError, match="no preset “yours”"):
        call_command("import_businesses", path, preset="yours", verbosity=0)


def test_letters_that_look_wrong_are_read_anew_and_the_way_keeps_what_they_are_written_in(client, tmp_path):
    sign_in(client, SupervisorFactory())
    path = tmp_path / "old.csv"
    path.write_bytes("Business Name,Street\nCafé Rosé,12 Elm St\nDeli,13 Elm St\n".encode("cp437"))
    look = upload(client, path)
    shown = client.get(columns_of(look))
    assert "Café" not in shown.content.decode()
    assert shown.context["form"]["encoding"].value() == "windows-1252"
    again = client.post(columns_of(look), typed_into(shown, encoding="cp437", preview="1"))
    assert again.status_code == 302
    assert not ImportMapping.objects.exists()
    second = ended()
    assert (second.kind, second.arguments, second.file.name) == (
        jobs.LOOK,
        {"encoding": "cp437"},
        look.file.name,
    )
    shown = client.get(columns_of(second))
    assert "Café Rosé" in shown.content.decode()
    client.post(columns_of(second), typed_into(shown, label="Old", go="1"))
    assert ended().result["created"] == 2
    assert ImportMapping.objects.get().says["encoding"] == "cp437"


def test_a_workbook_is_not_asked_how_its_letters_are_written(client, tmp_path):
    sign_in(client, SupervisorFactory())
    look = upload(client, city_files.write("parts", tmp_path, city_files.places(5)))
    assert "How letters are written" not in client.get(columns_of(look)).content.decode()


def test_columns_of_one_name_are_told_not_dropped_in_silence(client, tmp_path):
    sign_in(client, SupervisorFactory())
    path = tmp_path / "a.csv"
    path.write_text("Business Name,Street,Phone,Phone\nDeli,12 Elm St,317-555-0100,317-555-0101\n")
    page = client.get(columns_of(upload(client, path))).content.decode()
    assert "“Phone” stands over several columns" in page
    assert Job.objects.count() == 1
