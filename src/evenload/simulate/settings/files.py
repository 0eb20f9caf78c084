"""Where tables come from: the user's own CSV, or a recording."""

from typing import Annotated, Literal

from pydantic import Field

from evenload.simulate.settings.words import Part, Positive, Whole


class TableFile(Part):
    """Rows of a table with a time."""

    time: str | None = "time"
    """The column with times (ISO 8601, or seconds); None: rows are `step` apart."""
    step: Positive = 60.0
    """Distance of rows where there is no column with times [s]."""


class CsvFile(TableFile):
    """A table of the user's own."""

    source: Literal["csv"]
    """Out of a table of one's own."""
    path: str
    """The file, relative to the directory the command runs in."""


class RecordedFile(TableFile):
    """One of the recordings that `EVENLOAD_DATA` points to."""

    source: Literal["recorded"]
    """Out of a recording that `EVENLOAD_DATA` points to."""
    path: str
    """The Parquet file below the data directory, such as `house3p/uci_fr_house_1min_2009.parquet`."""
    first_day: Annotated[Whole, Field(ge=0)] = 0
    """The day of the recording that the run begins with, counted from its first midnight."""
