"""A user's history of a room or a tank: a plain table, or what Home Assistant recorded.

A plain table has a header that names its columns, a time first of all, and one row for each moment.
Columns may be parted by commas, semicolons or tabs; where they are parted by semicolons a number
may have a decimal comma. An empty cell, `unknown` and `unavailable` are not known.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from evenload.model.finding import ConfigurationError, Finding
from evenload.simulate.replay import open_history
from evenload.simulate.replay.history import Row
from evenload.thermal import ThermalSample

ROLES = ("temperature", "lower", "power", "outdoor", "sun")
"""What a column, or an entity, may be."""
_NOT_KNOWN = frozenset({"", "unknown", "unavailable", "none", "nan", "null", "-"})
_EXPORT = frozenset({"entity_id", "state", "last_changed"})
_SQLITE = b"SQLite format 3\x00"
_MOST_FINDINGS = 20
_CHANGES_HOLD = 10_800.0
"""Home Assistant records changes only: a value that did not change counts for so long [s]."""
_LEAST_HOLD, _INTERVALS = 1200.0, 2.5
"""In a table a value counts for so many of its intervals, and at least so long [s]."""
_FREEZING, _FAHRENHEIT, _KELVIN = 32.0, 5.0 / 9.0, 273.15


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """How a history is to be read."""

    names: Mapping[str, str]
    """The column or entity of each role that is used."""
    units: Mapping[str, str]
    """What its numbers are in, by role: C, F or K; W or kW."""
    rated_power: float | None
    """What `on` stands for in the power's column [W]; None: it has numbers."""
    zone: ZoneInfo
    """Of times that name none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What was read."""

    samples: tuple[ThermalSample, ...]
    hold: float
    """How long a value counts [s]."""


def read_table(path: Path, wanted: Wanted) -> Table:
    """Return a history; raises ConfigurationError that names the line and the column of each trouble."""
    try:
        head = path.read_bytes()[:65_536]
    except OSError as error:
        raise _wrong(path, "", f"cannot be read ({error.strerror})", "a readable file") from error
    if head.startswith(_SQLITE):
        return _recorded(path, wanted)
    first = head.split(b"\n", 1)[0].decode("utf-8-sig", errors="replace")
    if not first.strip():
        raise _wrong(path, "line 1", "is empty", "a header such as time,temperature,power,outdoor")
    delimiter = max(",;\t", key=first.count)
    header = [name.strip().strip('"') for name in first.split(delimiter)]
    if set(header) >= _EXPORT:
        return _recorded(path, wanted)
    return _plain(path, wanted, delimiter)


def _wrong(path: Path, place: str, problem: str, allowed: str) -> ConfigurationError:
    return ConfigurationError(
        [Finding(path=place, problem=problem, allowed=allowed)], source=str(path)
    )


def _plain(path: Path, wanted: Wanted, delimiter: str) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error) as error:
        raise _wrong(path, "", f"is no table ({error})", "CSV in UTF-8") from error
    header = [name.strip().lower() for name in rows[0]]
    places = _places(path, header, wanted)
    findings: list[Finding] = []
    samples: list[ThermalSample] = []
    for line, cells in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        own = _Line(line=line, cells=cells, delimiter=delimiter, findings=findings)
        sample = _sample(own, places, wanted)
        if sample is not None and samples and sample.at <= samples[-1].at:
            own.complain("time", "is not after the line before", "times in their order")
        elif sample is not None:
            samples.append(sample)
        if len(findings) >= _MOST_FINDINGS:
            break
    if findings:
        raise ConfigurationError(findings, source=str(path))
    return Table(samples=tuple(samples), hold=_hold(samples))


def _hold(samples: Sequence[ThermalSample]) -> float:
    gaps = sorted(late.at - early.at for early, late in pairwise(samples))
    return max(_LEAST_HOLD, _INTERVALS * gaps[len(gaps) // 2]) if gaps else _LEAST_HOLD


def _places(path: Path, header: Sequence[str], wanted: Wanted) -> dict[str, int]:
    """Return in which column each role is; those that are named by default may be missing."""
    places: dict[str, int] = {}
    for role, name in {"time": "time", **wanted.names}.items():
        if name.lower() in header:
            places[role] = header.index(name.lower())
        elif role in {"time", "temperature", "power"} or name != role:
            hint = "time" if role == "time" else f"a column {name}, or --{role} NAME"
            raise _wrong(path, "line 1", f"has the columns {', '.join(header)}", hint)
    return places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    line: int
    cells: Sequence[str]
    delimiter: str
    findings: list[Finding]

    def complain(self, column: str, problem: str, allowed: str) -> None:
        """Add what is wrong with one cell."""
        place = f"line {self.line}, column {column}"
        self.findings.append(Finding(path=place, problem=problem, allowed=allowed))


def _sample(own: _Line, places: Mapping[str, int], wanted: Wanted) -> ThermalSample | None:
    if len(own.cells) <= max(places.values()):
        own.complain(str(len(own.cells)), "is the last", f"{max(places.values()) + 1} columns")
        return None
    at = _time(own, own.cells[places["time"]].strip(), wanted.zone)
    values: dict[str, float | None] = {}
    for role, place in places.items():
        if role != "time":
            values[role] = _cell(own, role, own.cells[place].strip(), wanted)
    return None if at is None else ThermalSample(at=at, **values)


def _time(own: _Line, text: str, zone: ZoneInfo) -> float | None:
    try:
        if text.replace(".", "", 1).isdigit():
            return float(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        own.complain("time", f"given {text!r}", "a time such as 2026-01-15T12:00, or seconds")
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()


def _cell(own: _Line, role: str, text: str, wanted: Wanted) -> float | None:
    number = text.replace(",", ".") if own.delimiter != "," else text
    try:
        return _value(role, number, wanted)
    except ValueError:
        column = wanted.names[role]
        hint = " (or on and off with --rated)" if role == "power" else ""
        own.complain(column, f"given {text!r}", f"a number, or nothing{hint}")
        return None


def _value(role: str, text: str, wanted: Wanted) -> float | None:
    """Return a number in the unit that learning has; raises ValueError where it is none."""
    lower = text.strip().lower()
    if lower in _NOT_KNOWN:
        return None
    if role == "power" and wanted.rated_power is not None and lower in {"on", "off"}:
        return wanted.rated_power if lower == "on" else 0.0
    return _converted(float(lower), wanted.units.get(role, ""))


def _converted(value: float, unit: str) -> float:
    match unit:
        case "F":
            return (value - _FREEZING) * _FAHRENHEIT
        case "K":
            return value - _KELVIN
        case "kW":
            return value * 1000.0
        case _:
            return value


def _recorded(path: Path, wanted: Wanted) -> Table:
    """Return what Home Assistant recorded of the entities; each row changes one of them."""
    roles = {entity: role for role, entity in wanted.names.items() if "." in entity}
    missing = {"temperature", "power"} - set(roles.values())
    if missing:
        role = min(missing)
        allowed = f"--{role} with the entity, such as sensor.{role}"
        raise _wrong(path, "", "is a history of Home Assistant", allowed)
    history = open_history(path, frozenset(roles))
    silent = [entity for entity, count in history.counts.items() if count == 0]
    if silent:
        raise _wrong(path, "", f"holds nothing of {', '.join(sorted(silent))}", "entities in it")
    return Table(samples=tuple(_changes(history.rows(), roles, wanted)), hold=_CHANGES_HOLD)


def _changes(
    rows: Iterator[Row], roles: Mapping[str, str], wanted: Wanted
) -> Iterator[ThermalSample]:
    values: dict[str, float | None] = {}
    for row in rows:
        role = roles[row.entity]
        try:
            values[role] = _value(role, row.state, wanted)
        except ValueError:
            values[role] = None
        yield ThermalSample(at=row.at, **values)
