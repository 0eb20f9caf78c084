"""The oracle gives what trying every combination of levels finds to be best."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice

import pytest

from evenload.model.allocation import Reason
from evenload.model.readings import LoadReading, LoadState, Readings
from evenload.model.site import MAIN, Circuit, Distribution, Kind, Leg, Load, Phase, Site
from tests.oracle import exhaustive
from tests.oracle.dice import SeededDice
from tests.oracle.facts import facts_of
from tests.oracle.model import solve
from tests.oracle.modes import consents
from tests.oracle.sites import Case, Wish, case_of
from tests.oracle.written import as_yaml

MOST_COMBINATIONS = 3_000
SITES = 500
ALL_TOGETHER = Wish(unbalance=False, dimming=False, sequential=False, loads=(1, 2, 3))
IN_ORDER = replace(ALL_TOGETHER, equal_priorities=False)


def small_cases(wish: Wish) -> Iterator[Case]:
    """Return the first sites that are small enough to try everything on."""
    every = (case_of(seed, wish) for seed in count())
    small = (
        case
        for case in every
        if 1 < exhaustive.count(facts_of(case.site, case.readings)) <= MOST_COMBINATIONS
    )
    return islice(small, SITES)


@pytest.mark.parametrize("distribution", [Distribution.PRIORITY, Distribution.OPTIMIZED])
def test_nothing_better_is_found_by_trying_everything(distribution: Distribution) -> None:
    with_current = 0
    for case in small_cases(replace(IN_ORDER, distributions=(distribution,))):
        answer = solve(case.site, case.readings)
        best = exhaustive.best(answer.facts, answer.pools, answer.limits)
        assert answer.granted == pytest.approx(best), as_yaml(case)
        with_current += any(answer.granted.values())
    assert with_current > SITES / 4


def test_a_strict_round_is_the_best_one_up_to_the_load_that_ends_it() -> None:
    ended = 0
    for case in small_cases(replace(IN_ORDER, distributions=(Distribution.STRICT,))):
        answer = solve(case.site, case.readings)
        best = exhaustive.best_in_strict_order(answer.facts, answer.pools, answer.limits)
        assert answer.granted == pytest.approx(best), as_yaml(case)
        ended += any(
            verdict.reason is Reason.LIMITED
            for verdicts in answer.reasons.values()
            for verdict in verdicts
        )
    assert ended > SITES / 50


@pytest.mark.parametrize("distribution", [Distribution.SHARED, Distribution.OPTIMIZED])
def test_no_load_that_shares_could_go_one_level_up(distribution: Distribution) -> None:
    for case in small_cases(replace(ALL_TOGETHER, distributions=(distribution,))):
        answer = solve(case.site, case.readings)
        facts, pools, limits = answer.facts, answer.pools, answer.limits
        assert not exhaustive.breaks_a_limit(limits, answer.granted), as_yaml(case)
        for raised in exhaustive.raised_by_one(facts, answer.granted):
            risen = next(load for load in raised if raised[load] != answer.granted[load])
            member = facts.members[risen]
            consented = consents(pools, member, raised[risen], answer.granted)
            assert exhaustive.breaks_a_limit(limits, raised) or not consented, as_yaml(case)


def rivals(seed: int) -> Case:
    """Return three equal cars of one leg each, somewhere behind two nested circuits."""
    dice = SeededDice(seed)
    phases = (Phase.A, Phase.B)
    shed, garage, fuse = (
        {phase: dice.pick(range(low, low + 14)) for phase in phases} for low in (7, 12, 18)
    )
    cars = tuple(
        Load(
            id=name,
            kind=Kind.EV,
            phases={Leg.L1: dice.pick(phases)},
            circuit=dice.pick((MAIN, "garage", "shed")),
            minimum=6,
            maximum=16,
        )
        for name in "abc"
    )
    circuits = (Circuit(id="garage", fuse=garage), Circuit(id="shed", fuse=shed, parent="garage"))
    grid = {phase: dice.pick(range(8)) for phase in phases}
    connected = {car.id: LoadReading(state=LoadState.CONNECTED) for car in cars}
    site = Site(phases=phases, fuse=fuse, circuits=circuits, loads=cars)
    return Case(site=site, readings=Readings(grid=grid, loads=connected))


def test_no_other_combination_gives_more_to_whoever_has_least() -> None:
    compared = 0
    for case in map(rivals, range(SITES)):
        answer = solve(case.site, case.readings)
        if not all(answer.granted.values()):
            continue
        feasible = (
            sorted(chosen.values())
            for chosen in exhaustive.combinations(answer.facts)
            if not exhaustive.breaks_a_limit(answer.limits, chosen)
        )
        assert sorted(answer.granted.values()) == max(feasible), as_yaml(case)
        compared += 1
    assert compared > SITES / 4
