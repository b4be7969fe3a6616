"""One row of a license file: good, rejected, or left out; and the count of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import Reason
from .fields import Value

MOST_ERRORS = 1_000  # listed in the report; the rest are counted


@dataclass(frozen=True)
class RowError:
    """Why a row was left out; `errors.sentence` says it.

    Attributes:
        line: of the file.
        column: the header's name for it; "" when it is the row as a whole.
        reason: a sentence to be translated.
        values: what the sentence is filled with.
    """

    line: int
    column: str
    reason: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One good row.

    Attributes:
        line: of the file.
        values: by the name of the field, of every field; texts are empty where the file has nothing.
        industry: NAICS code, or nothing.
        industry_rank: how sure it is: 1 by activity, 2 by the kind of license, 9 unknown.
    """

    line: int
    values: Mapping[str, Value]
    industry: str = ""
    industry_rank: int = 9

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, if it has them."""
        latitude, longitude = self.values["latitude"], self.values["longitude"]
        return (latitude, longitude) if isinstance(latitude, float) and isinstance(longitude, float) else None


class RowLeftOutError(Exception):
    """A row is of no business yet, as one of a license that was asked for or denied."""


class RowUnwantedError(Exception):
    """A row is of a kind of place that whoever imports leaves out."""


class RowRejectedError(Exception):
    """A row can't be read."""

    def __init__(self, column: str, text: str, **values: str | int) -> None:
        super().__init__(text)
        self.column = column
        self.reason = Reason(text, values)


@dataclass
class Tally:
    """What was met while reading."""

    rows: int = 0
    rejected: int = 0
    left_out: int = 0
    by_choice: int = 0
    errors: list[RowError] = field(default_factory=list)

    def reject(self, line: int, column: str, reason: Reason) -> None:
        """Count a bad row and keep its reason, as long as there is room."""
        self.rejected += 1
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(RowError(line, column, reason.text, reason.values))
