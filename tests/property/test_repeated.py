"""An allocator that has answered before answers as a new one does.

What it need not make again must show in no answer: neither when the next readings say the same of
some loads and something else of others, nor when the voltage or the meter has moved.
"""

from dataclasses import replace

import pytest

from evenload.engine import Allocator
from evenload.model.readings import LoadReading, LoadState, Need, Readings
from evenload.model.site import Leg
from tests.oracle.dice import SeededDice
from tests.oracle.sites import case_of

SEEDS = 300
MOMENTS = 5


def moved(readings: Readings, seed: int) -> Readings:
    """Return readings of a later moment, in which some loads say what they said."""
    dice = SeededDice(seed)
    loads = {name: _perhaps_moved(one, dice) for name, one in readings.loads.items()}
    rise = dice.pick((0.0, 0.0, 2.0, -6.0))
    stretch = dice.pick((1.0, 1.0, 1.02))
    return replace(
        readings,
        loads=loads,
        grid={phase: current + rise for phase, current in readings.grid.items()},
        voltage={phase: voltage * stretch for phase, voltage in readings.voltage.items()},
    )


def _perhaps_moved(reading: LoadReading, dice: SeededDice) -> LoadReading:
    said_anew = (
        replace(reading, ceiling=dice.pick((None, 0.0, 8.0, 16.0, 1380.0))),
        replace(reading, state=dice.pick(tuple(LoadState))),
        replace(reading, need=dice.pick(tuple(Need))),
        replace(reading, solar_share=dice.pick((None, 0.0, 0.3, 1.0))),
        replace(reading, legs=dice.pick((None, (Leg.L1,))), legs_certain=dice.pick((True, False))),
        replace(reading, current=None),
    )
    return dice.pick((reading, replace(reading), dice.pick(said_anew)))


@pytest.mark.parametrize("seed", range(SEEDS))
def test_an_allocator_that_has_answered_before_answers_as_a_new_one(seed: int) -> None:
    case = case_of(seed)
    used = Allocator(case.site)
    readings = case.readings
    for moment in range(MOMENTS):
        assert used.allocate(readings) == Allocator(case.site).allocate(readings)
        readings = moved(readings, MOMENTS * seed + moment)
