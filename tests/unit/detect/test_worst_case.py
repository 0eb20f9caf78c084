"""While a map is in doubt, no fuse depends on it."""

from itertools import product

import pytest

from evenload.detect.nouns import LoadVerdict, Verdicts
from evenload.detect.worst_case import contradicted, worst_case
from evenload.engine import allocate
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.site import Circuit, Kind, Leg, Load, Phase, Site
from tests.unit.detect.house import L1, L2, L3, PHASES, A, B, C

FUSE = 16.0


def car(identifier: str, phase: Phase, **settings: object) -> Load:
    given = {"kind": Kind.EV, "minimum": 6.0, "maximum": 16.0, "phases": {L1: phase}}
    return Load(id=identifier, **(given | settings))


def house(*loads: Load, **settings: object) -> Site:
    return Site(fuse=dict.fromkeys(PHASES, FUSE), loads=loads, **settings)


def readings(base: tuple[float, ...], draws: dict[str, tuple[Phase, float]]) -> Readings:
    """Return what meters say when each load draws where it really is."""
    grid = dict(zip(PHASES, base, strict=True))
    for phase, current in draws.values():
        grid[phase] += current
    return Readings(
        grid=grid,
        loads={
            name: LoadReading(state=LoadState.CHARGING, current={L1: current})
            for name, (_, current) in draws.items()
        },
    )


@pytest.mark.parametrize("real", PHASES)
@pytest.mark.parametrize("current", [0.0, 6.0, 10.0])
@pytest.mark.parametrize("base", [(2.0, 2.0, 2.0), (2.0, 9.0, 4.0), (-5.0, 3.0, 1.0)])
def test_wherever_it_is_it_fits(real: Phase, current: float, base: tuple[float, ...]) -> None:
    site = house(car("car", A))
    seen = readings(base, {"car": (real, current)})
    told = allocate(site, worst_case(site, seen, {"car"})).loads["car"].current
    assert base[PHASES.index(real)] + told <= FUSE


def test_without_it_the_fuse_depends_on_the_map() -> None:
    """The control: what the test above would see."""
    site = house(car("car", A))
    seen = readings((2.0, 9.0, 4.0), {"car": (B, 6.0)})
    assert 9.0 + allocate(site, seen).loads["car"].current > FUSE


def test_what_is_sure_to_fit_is_given() -> None:
    site = house(car("car", A))
    seen = readings((2.0, 5.0, 4.0), {"car": (B, 8.0)})
    # On C it could have 8 + 12 A, on A 8 + 14 A, and where it is 8 + 3 A.
    assert allocate(site, worst_case(site, seen, {"car"})).loads["car"].current == 11.0


@pytest.mark.parametrize(("one", "other"), list(product(PHASES, PHASES)))
def test_two_of_them_fit_though_they_be_on_one_phase(one: Phase, other: Phase) -> None:
    site = house(car("one", A), car("other", B))
    seen = readings((2.0, 2.0, 2.0), {"one": (one, 6.0), "other": (other, 6.0)})
    told = allocate(site, worst_case(site, seen, {"one", "other"})).loads
    flows = dict.fromkeys(PHASES, 2.0)
    for phase, name in ((one, "one"), (other, "other")):
        flows[phase] += told[name].current
    assert max(flows.values()) <= FUSE


@pytest.mark.parametrize("real", PHASES)
def test_no_other_load_is_given_what_it_may_rise_by(real: Phase) -> None:
    site = house(car("doubtful", A), car("known", B))
    seen = readings((2.0, 2.0, 2.0), {"doubtful": (real, 6.0), "known": (B, 6.0)})
    told = allocate(site, worst_case(site, seen, {"doubtful"})).loads
    flows = dict.fromkeys(PHASES, 2.0)
    flows[real] += told["doubtful"].current
    flows[B] += told["known"].current
    assert max(flows.values()) <= FUSE


def test_a_circuit_with_a_meter_counts_too() -> None:
    circuit = Circuit(id="garage", fuse=dict.fromkeys(PHASES, 10.0))
    site = house(car("car", A, circuit="garage"), circuits=(circuit,))
    seen = readings((0.0, 0.0, 0.0), {"car": (C, 6.0)})
    seen = Readings(grid=seen.grid, loads=seen.loads, circuits={"garage": {A: 0.0, B: 0.0, C: 7.0}})
    assert allocate(site, worst_case(site, seen, {"car"})).loads["car"].current == 9.0


def test_a_ceiling_that_is_lower_stays() -> None:
    site = house(car("car", A))
    reading = LoadReading(state=LoadState.CHARGING, current={L1: 8.0}, ceiling=7.0)
    seen = Readings(grid=dict.fromkeys(PHASES, 8.0), loads={"car": reading})
    assert worst_case(site, seen, {"car"}).loads["car"].ceiling == 7.0


def test_a_power_load_has_its_ceiling_in_watts() -> None:
    rod = Load(id="rod", kind=Kind.POWER, phases={L1: A}, minimum=500.0, maximum=3500.0)
    site = house(rod)
    seen = Readings(
        grid={A: 2.0, B: 11.0, C: 2.0},
        loads={"rod": LoadReading(state=LoadState.ON, power=1150.0)},
    )
    assert worst_case(site, seen, {"rod"}).loads["rod"].ceiling == pytest.approx(2300.0)


def test_nothing_changes_without_doubt_or_without_phases() -> None:
    site = house(car("car", A))
    seen = readings((2.0, 2.0, 2.0), {"car": (A, 6.0)})
    assert worst_case(site, seen, ()) is seen
    assert worst_case(site, Readings(loads=seen.loads), {"car"}).fuse is None
    single = Site(fuse={A: FUSE}, phases=(A,), loads=site.loads)
    alone = Readings(grid={A: 8.0}, loads=seen.loads)
    assert worst_case(single, alone, {"car"}) is alone


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [
        (LoadVerdict(phases={L1: A}), ()),
        (LoadVerdict(phases={L2: C}), ("car",)),
        (LoadVerdict(phases={L1: A, L2: B, L3: C}), ()),
        (LoadVerdict(phases=None), ()),
        (LoadVerdict(is_elsewhere=True), ("car",)),
    ],
)
def test_a_map_is_contradicted_by_what_is_sure(
    verdict: LoadVerdict, expected: tuple[str, ...]
) -> None:
    load = car("car", A, phases=dict(zip(Leg, PHASES, strict=True)))
    found = contradicted(house(load), Verdicts(loads={"car": verdict}))
    assert found == frozenset(expected)
