"""Dates, times and numbers are put into words in one place: no two pages write the same one differently."""

import ast
import re

from config.local.places import BASE_DIR

# Who else may, and why.
OWN = {
    "core/words.py": "the one place",
    "partnerships/businesses/forms/columns.py": "asks for that setting",
    "partnerships/businesses/imports/presets.py": "its `date_format` says how a file writes dates",
    "partnerships/businesses/imports/proposal.py": "finds that setting out",
    "partnerships/businesses/imports/reading.py": "reads a file's dates by that setting",
}
# Names that write for people. `strftime` knows no language, and so does a format of an f-string.
WRITERS = {
    *("date_format", "time_format", "number_format", "localize", "localize_input", "dateformat", "strftime"),
    *("naturalday", "naturaltime", "intcomma", "intword", "apnumber", "timesince", "timeuntil"),
}
# What these f-strings write is read by a machine, or by whoever runs a command in a terminal.
MACHINE = {
    "accounts/views_own.py": "the name of a file",
    "core/demo/__init__.py": "a command's answer",
    "core/mail/reminders/explain.py": "a command's answer, with seconds and zone",
    "core/models/audit.py": "a row in the shell",
    "core/models/heartbeat.py": "a row in the shell",
    "core/progress.py": "a bar in a terminal",
    "events/emails/registrations.py": "a key",
    "partnerships/businesses/management/commands/import_areas.py": "a command's answer",
    "partnerships/businesses/management/commands/import_businesses.py": "a command's answer",
    "partnerships/businesses/models/places.py": "a row in the shell",
    "partnerships/vetting/emails/applications.py": "a key",
}
FORMAT = re.compile(r"%[a-zA-Z]|^,")
FILTER = re.compile(
    r"\|\s*(?:date|time|timesince|timeuntil|localize|floatformat|intcomma|naturalday|naturaltime|apnumber)\b|{%-?\s*now\b"
)
FOLDERS = ("core", "accounts", "partnerships", "events", "config")


def writers(source: str) -> list[str]:
    """The names in a module that put a date or a number into words."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.append(node.id)
        elif isinstance(node, ast.Attribute):
            found.append(node.attr)
        elif isinstance(node, ast.ImportFrom):
            found += [node.module or "", *(each.name for each in node.names)]
    return [name for name in found if name.rpartition(".")[2] in WRITERS]


def formats(source: str) -> list[str]:
    """The formats in a module's f-strings that put a date or a number into words."""
    specs = [
        node.format_spec
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FormattedValue) and node.format_spec
    ]
    return [text for text in map(ast.unparse, specs) if FORMAT.search(ast.literal_eval(text[1:]))]


def modules() -> list[str]:
    """Every module of the product, by its path."""
    paths = [path for folder in FOLDERS for path in (BASE_DIR / folder).rglob("*.py")]
    return sorted(str(path.relative_to(BASE_DIR)) for path in paths if "migrations" not in path.parts)


MODULES = modules()
TEMPLATES = sorted(path for path in (BASE_DIR / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def found_by(look, names) -> dict[str, list[str]]:
    """What a look finds in files, by their names."""
    found = {name: look((BASE_DIR / name).read_text()) for name in names}
    return {name: what for name, what in found.items() if what}


def test_dates_and_numbers_are_written_by_core_words_alone():
    assert len(MODULES) > 300
    assert found_by(writers, [name for name in MODULES if name not in OWN]) == {}


def test_no_sentence_is_written_with_a_format_that_knows_no_language():
    assert found_by(formats, [name for name in MODULES if name not in OWN | MACHINE]) == {}


def test_a_template_writes_dates_and_numbers_with_our_own_filters():
    assert len(TEMPLATES) > 150
    assert found_by(FILTER.findall, [str(path.relative_to(BASE_DIR)) for path in TEMPLATES]) == {}


def test_whoever_may_write_on_its_own_still_does():
    assert [name for name in OWN if not writers((BASE_DIR / name).read_text())] == []
    assert [name for name in MACHINE if not formats((BASE_DIR / name).read_text())] == []


def test_another_way_would_be_found():
    source = (
        "from django.utils.dateformat import format as f\nimport x\nx.date_format(1)\ny = x.strftime('%B')\n"
        "z = f'{y:%B %d} {y:,} {y:.1f} {y:>20}'"
    )
    assert writers(source) == ["django.utils.dateformat", "date_format", "strftime"]
    assert len(formats(source)) == 2
    assert (
        len(FILTER.findall('{{ a|date:"N j" }}{{ b | timesince }}{% now "Y" %}{{ c|day }}{{ d|clock }}')) == 3
    )


# A number in an attribute is read by a machine: written for people, key 1043 would be "1,043" there.
KEY = re.compile(r"""="[^"<>]*\{\{ *[\w.]*\.(?:pk|organization_id|business_id|event_id) *\}\}""")


def test_no_key_of_a_row_is_written_for_people_where_a_machine_reads_it():
    found = [
        f"{path.relative_to(BASE_DIR)}: {key[0]}"
        for path in sorted((BASE_DIR / "templates").rglob("*.html"))
        for key in KEY.finditer(path.read_text())
    ]
    assert found == [], "write it with |stringformat:'d'"


def test_a_key_written_for_people_would_be_found():
    assert KEY.search('<a href="?withdraw={{ draft.pk }}">')
    assert not KEY.search("<a href=\"?withdraw={{ draft.pk|stringformat:'d' }}\">")
