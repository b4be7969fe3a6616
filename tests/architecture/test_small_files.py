"""A file of the product is read in one go: fewer than 400 lines."""

from config.local.places import BASE_DIR

ROOMS = ("accounts", "config", "core", "events", "partnerships")
MOST = 399


def test_no_file_grows_too_long_to_read():
    lengths = {
        str(path.relative_to(BASE_DIR)): len(path.read_text().splitlines())
        for room in ROOMS
        for path in (BASE_DIR / room).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert len(lengths) > 100
    assert {name: length for name, length in lengths.items() if length > MOST} == {}
