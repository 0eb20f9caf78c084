"""Opens a history, whatever it comes in."""

from collections.abc import Collection
from pathlib import Path

from evenload.simulate.replay.export import Export
from evenload.simulate.replay.history import History, wrong
from evenload.simulate.replay.recorder import RecorderDatabase

_SQLITE = b"SQLite format 3\x00"
"""How a database of SQLite begins (sqlite.org/fileformat.html, 1.3.1)."""


def open_history(
    path: Path, entities: Collection[str], *, begin: float | None = None, end: float | None = None
) -> History:
    """Return what a file holds of these entities, between two moments where they are given [s].

    Raises ConfigurationError where the file cannot be read, is of another kind, or holds nothing of
    them.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_SQLITE))
    except OSError as error:
        raise wrong(path, f"cannot be read ({error.strerror})") from error
    if not head:
        raise wrong(path, "is empty")
    kind = RecorderDatabase if head == _SQLITE else Export
    history = kind(path, frozenset(entities), begin=begin, end=end)
    if not any(history.counts.values()):
        problem = "holds nothing of the entities that replay: names"
        between = " between those moments" if begin is not None or end is not None else ""
        raise wrong(path, problem + between)
    return history
