"""A history, whatever it comes in: rows of entities in the order of time.

Neither form is read into memory as a whole: of an export only the numbers of entities that are asked
for are kept, a database is read row by row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from evenload.model.finding import ConfigurationError, Finding


@dataclass(frozen=True, slots=True)
class Row:
    """One state of one entity."""

    at: float
    """When it began [s since 1970, UTC]."""
    entity: str
    state: str
    """As Home Assistant had it: a number, a word, `unknown`, `unavailable`."""
    until: float | None = None
    """When it was last reported [s since 1970, UTC]; None: the history does not say."""
    unit: str | None = None
    """Its unit of measurement, where the history says it."""


class History(Protocol):
    """What was recorded of some entities."""

    begin: float
    """The first row [s since 1970, UTC]."""
    end: float
    """The last row."""
    counts: dict[str, int]
    """How many rows there are of each entity that was asked for."""

    def rows(self) -> Iterator[Row]:
        """Yield every row in the order of time."""
        ...


def wrong(path: Path, problem: str) -> ConfigurationError:
    """Return the error for a file that is of no use."""
    allowed = (
        "what Home Assistant's history panel downloads (entity_id,state,last_changed), "
        "or its recorder's database (home-assistant_v2.db)"
    )
    return ConfigurationError(
        [Finding(path="", problem=problem, allowed=allowed)], source=str(path)
    )
