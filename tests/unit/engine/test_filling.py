"""Filling together: raising by height gives what raising level by level gives, only sooner."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from evenload.engine import allocate, filling
from evenload.engine.claims import Claim
from evenload.engine.crowds import Crowd
from evenload.model.allocation import Allocations
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.site import Circuit, Dimming, Distribution, Leg, Load, Mode, Phase, Policy, Site
from tests.unit.engine.build import currents, ev, given, heater, house, served, wallbox

SEEDS = range(150)


def crowded_house(seed: int) -> tuple[Site, Readings]:
    """Return a house whose loads all have the same number and more wishes than room."""
    rng = random.Random(seed)

    def some(number: int) -> Load:
        legs = rng.choice((1, 1, 3))
        phases = dict(zip(Leg, rng.sample(list(Phase), legs), strict=False))
        circuit = rng.choice(("main", "garage", "shed"))
        mode = rng.choice((Mode.STANDARD, Mode.ECO, Mode.SOLAR, Mode.EXCESS))
        if rng.random() < 0.4:
            step = rng.choice((7.0, 100.0, 330.0))
            return heater(f"rod{number}", mode, phases=phases, circuit=circuit, step=step)
        step = rng.choice((0.5, 1.0, 3.0))
        return ev(f"car{number}", mode, phases=phases, circuit=circuit, step=step)

    def fuse(low: float, high: float) -> dict[Phase, float]:
        return {phase: rng.uniform(low, high) for phase in Phase}

    plugs = [ev(f"plug{number}", rng.choice(list(Mode)), circuit="box") for number in range(2)]
    loads = tuple(some(number) for number in range(5))
    site = Site(
        fuse=fuse(20.0, 60.0),
        circuits=(
            Circuit(id="garage", fuse=fuse(8.0, 30.0)),
            Circuit(id="shed", fuse=fuse(8.0, 25.0), parent="garage"),
        ),
        chargers=(wallbox(*plugs, max_current=20.0, policy=rng.choice(list(Policy))),),
        loads=loads,
        distribution=rng.choice((Distribution.SHARED, Distribution.PRIORITY)),
        phase_netting=rng.random() < 0.6,
        import_limit=rng.choice((None, 6000.0)),
        unbalance_limit=rng.choice((None, None, 6.0)),
        dimming=rng.choice((None, Dimming(limit=3000.0, loads=("car0", "rod1")))),
        excess_threshold=300.0,
    )
    readings = Readings(
        grid={phase: rng.uniform(-25.0, 5.0) for phase in Phase},
        loads={load.id: LoadReading(state=LoadState.CONNECTED) for load in site.all_loads},
    )
    return site, readings


def _everyone(claims: Sequence[Claim], *_: object) -> Crowd:
    """Take every load for crowded, and none of them to surely get anywhere."""
    return Crowd(watched=claims, rest=(), rows={}, accounts={}, special=(), is_steady=False)


def level_by_level(site: Site, readings: Readings, patch: pytest.MonkeyPatch) -> Allocations:
    """Return the answer when every load is raised level by level, as the rule is written."""
    with patch.context() as literally:
        literally.setattr(filling, "crowding", _everyone)
        literally.setattr(filling, "FEW_LEVELS", float("inf"))
        literally.setattr("evenload.engine.filling._Water._is_free", False)
        return allocate(site, readings)


@pytest.mark.parametrize("seed", SEEDS)
def test_raising_by_height_gives_what_raising_level_by_level_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, readings = crowded_house(seed)
    quick = allocate(site, readings)
    literal = level_by_level(site, readings, monkeypatch)
    assert currents(quick) == currents(literal)
    assert [load.reason for load in quick.loads.values()] == [
        load.reason for load in literal.loads.values()
    ]


def test_the_houses_of_that_comparison_are_crowded() -> None:
    crowded = sum(
        any(
            load.reason.value in ("limited", "surplus")
            for load in allocate(*crowded_house(seed)).loads.values()
        )
        for seed in SEEDS
    )
    assert crowded > 0.7 * len(SEEDS)


def test_two_heaters_in_steps_of_one_watt_share_to_the_watt() -> None:
    site = house(heater("one"), heater("two"), fuse=20.0)
    powers = [load.power for load in served(site).loads.values()]
    assert powers == pytest.approx([2300.0, 2300.0])


def test_a_load_above_the_water_is_not_lowered() -> None:
    site = house(ev("high", minimum=14.0), ev("low"), ev("lower"), fuse=33.0)
    assert currents(served(site)) == {"high": 14.0, "low": 10.0, "lower": 9.0}


def test_steps_of_different_length_keep_their_own_levels() -> None:
    site = house(ev("coarse", step=5.0), ev("fine"), fuse=21.0)
    assert currents(served(site)) == {"coarse": 10.0, "fine": 11.0}


def test_a_later_plug_that_joins_rises_to_the_water_first() -> None:
    plugs = [ev("left", circuit="box", maximum=7.0), ev("right", circuit="box")]
    charger = wallbox(*plugs, max_current=32.0, policy=Policy.SEQUENTIAL)
    site = house(ev("other"), fuse=27.0, chargers=(charger,))
    assert currents(served(site)) == {"left": 7.0, "right": 10.0, "other": 10.0}


def test_the_order_of_the_file_decides_between_equals() -> None:
    site = house(ev("one"), ev("two"), ev("three"), fuse=23.0)
    assert currents(served(site)) == {"one": 8.0, "two": 8.0, "three": 7.0}
    turned = replace(site, loads=tuple(reversed(site.loads)))
    assert currents(served(turned)) == {"three": 8.0, "two": 8.0, "one": 7.0}


def test_an_allocation_does_not_change_what_it_was_given() -> None:
    site = house(ev("one"), ev("two"))
    readings = given(site, 3.0)
    before = repr((site, readings))
    allocate(site, readings)
    assert repr((site, readings)) == before
