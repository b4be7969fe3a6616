"""What a file holds before anyone says how to read it: its columns, some rows, and what they probably are."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from core.progress import Progress

from . import proposal, standings, tables

SAMPLE = 200  # rows that tell what a column holds
SHOWN = 50  # rows kept for the preview
LONGEST_SHOWN = 300  # characters of a cell
MOST_VALUES = 40  # different texts of a column that someone can say something of, one by one


def look_through(path: Path, name: str, progress: Progress, *, encoding: str = "") -> dict[str, Any]:
    """Look through a whole file.

    Args:
        path: the file.
        name: what people call it.
        progress: told the rows.
        encoding: what a text is written in, where someone knows better than we find out.

    Returns:
        What JSON can hold: `heads`; `rows`, the first `SHOWN`, each with its line; `counted`, how many there
        are; `values`, by head the different texts of a column that has few; `proposal` as `proposal.Proposal`
        tells it; how the file is written, in `encoding`, `separator`, `head_at` and `sheet`; and as `chosen`
        the encoding that was given.

    Raises:
        ImportRefusedError: it is no table.
    """
    shape = tables.look(path, name, encoding=encoding)
    width = len(shape.heads)
    sample: list[list[str]] = []
    shown: list[dict[str, Any]] = []
    values: list[set[str] | None] = [set() for _head in shape.heads]
    counted = 0
    with tables.Table(path, shape, name) as table:
        for line in table:
            counted += 1
            if counted % 500 == 0:
                progress(counted, 0)
            if line.bad is not None or len(line.cells) != width:
                continue
            cells = [cell.strip() for cell in line.cells]
            if len(sample) < SAMPLE:
                sample.append(cells)
            if len(shown) < SHOWN:
                shown.append({"line": line.number, "cells": [cell[:LONGEST_SHOWN] for cell in cells]})
            _gather(values, cells)
    progress(counted, counted)
    few = {
        head: sorted(found)
        for head, found in zip(shape.heads, values, strict=True)
        if head and found and len(found) < counted
    }
    proposed = proposal.propose(shape.heads, sample)
    state = proposed.columns.get("license_status", "")
    if state in few:  # of the whole file, where the proposal has seen its first rows
        proposed = replace(proposed, statuses=standings.of_values(few[state], state.split()))
    return {
        "heads": list(shape.heads),
        "rows": shown,
        "counted": counted,
        "values": few,
        "proposal": asdict(proposed),
        "encoding": shape.encoding,
        "chosen": encoding,
        "separator": shape.separator,
        "head_at": shape.head_at,
        "sheet": shape.sheet,
    }


def _gather(values: list[set[str] | None], cells: list[str]) -> None:
    """Add the texts of a row; a column with too many is given up."""
    for at, cell in enumerate(cells):
        found = values[at]
        if found is None or not cell:
            continue
        found.add(cell[:LONGEST_SHOWN])
        if len(found) > MOST_VALUES:
            values[at] = None
