"""Histories for tests: what a simulated house reported, as Home Assistant would have recorded it."""

import csv
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from homeassistant.components.recorder.db_schema import Base
from sqlalchemy import create_engine

from evenload.simulate.plant import Plant
from evenload.simulate.scenario import read_house
from evenload.simulate.strategies import STRATEGIES

BEGIN = datetime(2026, 6, 15, 10, tzinfo=UTC).timestamp()

SITE = """
site: {phases: [A], fuse: 25}
chargers:
  - id: wallbox
    max_current: 32
    phases: {L1: A}
    plugs: [{id: car, name: Wallbox, min: 6, max: 32, mode: solar}]
loads:
  - {id: boiler, name: Boiler, kind: switch, power: 2000, phases: {L1: A}, mode: eco, eco_share: 0.3}
replay:
  time_zone: Europe/Amsterdam
  grid: {A: sensor.grid_a}
  solar: sensor.solar
  loads:
    car: {power: sensor.car_power, current: {L1: sensor.car_current}, state: sensor.car_status}
    boiler: {power: sensor.boiler_power, state: switch.boiler}
"""

ENTITIES = {
    "grid.A": ("sensor.grid_a", "A"),
    "solar": ("sensor.solar", "W"),
    "car.power": ("sensor.car_power", "W"),
    "car.current.L1": ("sensor.car_current", "A"),
    "car.status": ("sensor.car_status", None),
    "boiler.power": ("sensor.boiler_power", "W"),
    "boiler.on": ("switch.boiler", None),
}


class Said(NamedTuple):
    """One report of one entity."""

    at: float
    entity: str
    state: str
    unit: str | None


def lived(strategy: str = "naive", *, seconds: int = 3600, fuse: int = 63) -> list[Said]:
    """Return everything that terrace-house's devices reported from noon on."""
    house = read_house(
        "terrace-house", ["plant.start=2026-06-15T12:00", f"plant.fuse.rating={fuse}"]
    )
    plant, decider, said = Plant(house), STRATEGIES[strategy](), []
    for second in range(seconds):
        plant.advance()
        for key, value in plant.feed.fresh.items():
            if key in ENTITIES:
                said.append(_said(BEGIN + second, key, value))
        if "grid.A" in plant.feed.fresh:
            for command in decider.decide(plant.snapshot(), float(second)):
                plant.command(command)
        plant.feed.fresh.clear()
    return said


def _said(at: float, key: str, value: object) -> Said:
    entity, unit = ENTITIES[key]
    text = ("off", "on")[value] if isinstance(value, bool) else str(value)
    return Said(at, entity, text, unit)


def changes(said: list[Said]) -> Iterator[tuple[Said, float]]:
    """Yield each report that changed something, and when the same was reported last."""
    last: dict[str, list] = {}
    done = []
    for each in said:
        before = last.get(each.entity)
        if before is not None and before[0].state == each.state:
            before[1] = each.at
            continue
        last[each.entity] = [each, each.at]
        done.append(last[each.entity])
    yield from ((each, until) for each, until in done)


def write_export(path: Path, said: list[Said]) -> Path:
    """Write what the history panel would download: entity by entity, changes only, times in UTC."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["entity_id", "state", "last_changed"])
        rows = sorted(changes(said), key=lambda row: (row[0].entity, row[0].at))
        for each, _ in rows:
            moment = datetime.fromtimestamp(each.at, UTC)
            written = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
            table.writerow([each.entity, each.state, written])
    return path


def write_database(path: Path, said: list[Said]) -> Path:
    """Write it as the installed Home Assistant's own recorder tables hold it."""
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    entities = sorted({each.entity for each in said})
    units = sorted({each.unit or "" for each in said})
    rows = [
        (
            each.state,
            entities.index(each.entity) + 1,
            units.index(each.unit or "") + 1,
            each.at,
            None if until == each.at else until,
        )
        for each, until in changes(said)
    ]
    with closing(sqlite3.connect(path)) as database, database:
        database.executemany(
            "INSERT INTO states_meta (entity_id) VALUES (?)", zip(entities, strict=True)
        )
        database.executemany(
            "INSERT INTO state_attributes (shared_attrs) VALUES (?)",
            [(json.dumps({"unit_of_measurement": unit} if unit else {}),) for unit in units],
        )
        database.executemany(
            "INSERT INTO states (state, metadata_id, attributes_id, last_updated_ts, "
            "last_reported_ts) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
    return path
