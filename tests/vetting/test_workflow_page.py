"""docs/workflows/application.md is made from the table of moves, so that it can't tell another story."""

from django.conf import settings

from partnerships.vetting.workflow import APPLICATION

PAGE = settings.BASE_DIR / "docs" / "workflows" / "application.md"


def first_sentence(function):
    return " ".join((function.__doc__ or "").strip().split("\n\n")[0].split()) if function else "–"


def table():
    lines = ["| move | from | to | guard | effect |", "| --- | --- | --- | --- | --- |"]
    for move in APPLICATION.moves:
        sources = ", ".join(each.replace("_", " ") for each in move.sources)
        target = move.target.replace("_", " ")
        guard, effect = first_sentence(move.guard), first_sentence(move.effect)
        lines.append(f"| {move.label} | {sources} | {target} | {guard} | {effect} |")
    return "\n".join(lines)


def test_the_page_holds_the_table_as_it_is_in_the_code():
    assert table() in PAGE.read_text(), f"Put this table into {PAGE.name}:\n\n{table()}"
