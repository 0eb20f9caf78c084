"""Missing, late or doubtful data never raises any setpoint: random houses, everything that can break.

The long form, with counts of every kind of doubt, is `python bench/doubts.py`.
"""

import pytest

from bench.doubts import DEFECTS, Doubt, Findings, House
from evenload.controller import step

SECONDS = 1200
HOUSES = range(1, 11)
MANY = 60
"""A defect shows in one of so many houses, from the first where it did."""


def lived(seeds: range) -> Findings:
    found = Findings()
    for seed in seeds:
        found.add(House(seed, SECONDS, step).live(SECONDS))
    return found


def test_doubt_raises_nothing_in_any_house_whatever_breaks() -> None:
    found = lived(HOUSES)
    assert found.examples == []
    assert found.sound_raises > 10
    assert set(found.decisions) >= {
        Doubt.LATE, Doubt.NO_NUMBER, Doubt.WRONG_UNIT, Doubt.SLIP, Doubt.FROZEN, Doubt.STARTED,
        Doubt.UNREACHABLE, Doubt.BATTERY,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("defect", "doubt", "first"),
    [("late", Doubt.LATE, 21), ("leap", Doubt.SLIP, 1), ("frozen", Doubt.FROZEN, 56)],
)
def test_a_controller_that_is_broken_on_purpose_is_found_out(
    monkeypatch: pytest.MonkeyPatch, defect: str, doubt: Doubt, first: int
) -> None:
    for module, name, value in DEFECTS[defect]:
        monkeypatch.setattr(module, name, value)
    assert any(
        lived(range(seed, seed + 1)).raises[doubt] > 0 for seed in range(first, first + MANY)
    )
