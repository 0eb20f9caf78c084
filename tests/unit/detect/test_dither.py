"""While too little is known, a load is lowered at times that nothing in the house has set."""

from itertools import pairwise

import pytest

from evenload.detect.dither import HELD, MOST, SHORTEST, Dither, advance, first_dither
from evenload.detect.nouns import LoadVerdict, Verdicts
from evenload.model.site import Kind, Load
from tests.unit.detect.house import CAR, L1, A

PLUG = Load(id=CAR, kind=Kind.EV, phases={L1: A}, minimum=6.0, maximum=16.0)
UNKNOWN = Verdicts()
KNOWN = Verdicts(loads={CAR: LoadVerdict(phases={L1: A})})


def lowered(seconds: int, verdicts: Verdicts, *, setpoint: float, load: Load = PLUG) -> list[int]:
    """Return the seconds in which a load's ceiling was lowered."""
    dither, found = first_dither(load, 0.0), []
    for second in range(seconds):
        dither = advance(dither, load, verdicts, float(second), setpoint=setpoint)
        if dither.ceiling is not None:
            assert dither.ceiling == setpoint - 2.0
            found.append(second)
    return found


def test_a_load_of_which_nothing_is_known_is_lowered_now_and_then() -> None:
    seconds = lowered(4 * 3600, UNKNOWN, setpoint=10.0)
    starts = [each for each in seconds if each - 1 not in seconds]
    pauses = {b - a for a, b in pairwise(starts)}
    assert starts[0] >= SHORTEST
    assert len(starts) >= 8
    assert len(pauses) == len(starts) - 1
    assert len(seconds) == len(starts) * HELD


def test_it_ends_after_some() -> None:
    seconds = lowered(24 * 3600, UNKNOWN, setpoint=10.0)
    assert len(seconds) == MOST * HELD


@pytest.mark.parametrize(
    ("verdicts", "setpoint"), [(KNOWN, 10.0), (UNKNOWN, 7.0), (UNKNOWN, 6.0), (UNKNOWN, 0.0)]
)
def test_where_it_is_known_or_cannot_be_lowered_it_is_left_alone(
    verdicts: Verdicts, setpoint: float
) -> None:
    assert lowered(4 * 3600, verdicts, setpoint=setpoint) == []


def test_a_switch_is_left_alone() -> None:
    switch = Load(id=CAR, kind=Kind.SWITCH, phases={L1: A}, levels=(2000.0,))
    assert lowered(4 * 3600, UNKNOWN, setpoint=2000.0, load=switch) == []


def test_what_is_lowered_stays_so_for_a_while() -> None:
    dither = Dither(due_at=100.0, ceiling=8.0, made=1)
    assert advance(dither, PLUG, KNOWN, 100.0 + HELD - 1.0, setpoint=8.0) is dither
    assert advance(dither, PLUG, KNOWN, 100.0 + HELD, setpoint=8.0).ceiling is None
