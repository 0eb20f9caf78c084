"""What is not as it was entered is told with the steps that show it."""

import pytest

from evenload.detect.mismatch import Mismatch, MismatchKind, mismatches, sentence, whole_map
from evenload.detect.nouns import DetectorState, LoadVerdict, PolarityVerdict, Verdicts
from evenload.model.site import Kind, Leg, Load, Phase, Site
from tests.unit.detect.house import CAR, L1, L2, L3, PHASES, A, B, C, House


def site(**phases: dict[Leg, Phase]) -> Site:
    loads = tuple(Load(id=name, kind=Kind.EV, phases=each) for name, each in phases.items())
    return Site(fuse=dict.fromkeys(PHASES, 25.0), loads=loads, names={CAR: "Garage"})


def found(house: House, given: Phase) -> tuple[Mismatch, ...]:
    house.run(30)
    house.up_and_down(2, 9.8)
    return mismatches(site(car={L1: given}), house.state, house.verdicts)


def test_a_map_that_is_right_is_no_mismatch() -> None:
    assert found(House({L1: A}), A) == ()


def test_a_map_that_is_wrong_is_told_with_the_steps_that_show_it() -> None:
    (wrong,) = found(House({L1: B}), A)
    assert (wrong.kind, wrong.about, wrong.phases) == (MismatchKind.PHASE_MAP, CAR, {L1: B})
    assert wrong.confidence > 0.999
    (shown,) = wrong.evidence
    assert sentence(site(car={L1: A}), shown) == (
        "When Garage L1 fell by 9.8 A, phase B fell by 9.8 A; 4 of 4 times"
    )


def test_a_transformer_that_is_backwards_is_told_by_its_phase() -> None:
    (wrong,) = found(House({L1: B}, turned=(B, C)), B)
    assert (wrong.kind, wrong.about) == (MismatchKind.PHASE_REVERSED, "grid/B")
    assert wrong.reversed_phases == (B,)
    (shown,) = wrong.evidence
    assert sentence(site(car={L1: B}), shown) == (
        "When Garage L1 fell by 9.8 A, phase B rose by 9.8 A; 4 of 4 times"
    )


def test_a_meter_that_is_turned_round_is_one_mistake() -> None:
    house = House({L1: A, L2: B, L3: C}, turned=PHASES, interval=1)
    house.run(30)
    house.up_and_down(2)
    (wrong,) = mismatches(
        site(car=dict(zip(Leg, PHASES, strict=True))), house.state, house.verdicts
    )
    assert (wrong.kind, wrong.about) == (MismatchKind.ALL_REVERSED, "grid")
    assert wrong.reversed_phases == PHASES


def test_a_load_that_is_not_behind_the_meter_is_told() -> None:
    (wrong,) = found(House({L1: None}), A)
    assert (wrong.kind, wrong.about) == (MismatchKind.ELSEWHERE, CAR)


def test_a_unit_that_is_wrong_is_told_by_its_factor() -> None:
    (wrong,) = found(House({L1: A}, factor=1000.0), A)
    assert (wrong.kind, wrong.factor) == (MismatchKind.UNIT, 1000.0)


def verdicts(**maps: dict[Leg, Phase]) -> Verdicts:
    return Verdicts(
        loads={name: LoadVerdict(phases=each, best=each) for name, each in maps.items()},
        polarity=dict.fromkeys(PHASES, PolarityVerdict()),
    )


def test_two_loads_that_say_the_same_tell_of_the_meter() -> None:
    given = site(one={L1: A}, two={L1: B})
    wrong = mismatches(given, DetectorState(), verdicts(one={L1: B}, two={L1: A}))
    assert [each.kind for each in wrong] == [
        MismatchKind.METER_PHASES,
        MismatchKind.PHASE_MAP,
        MismatchKind.PHASE_MAP,
    ]


@pytest.mark.parametrize("other", [{L1: B}, {L1: C}])
def test_loads_that_say_otherwise_are_wrong_by_themselves(other: dict[Leg, Phase]) -> None:
    given = site(one={L1: A}, two={L1: B})
    wrong = mismatches(given, DetectorState(), verdicts(one={L1: C}, two=other))
    assert MismatchKind.METER_PHASES not in [each.kind for each in wrong]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({L1: A}, {L1: A, L2: B, L3: C}),
        ({L1: B}, {L1: B, L2: A, L3: C}),
        ({L1: C, L2: A}, {L1: C, L2: A, L3: B}),
        ({L3: A}, {L1: C, L2: B, L3: A}),
    ],
)
def test_legs_that_were_not_seen_take_what_is_left(
    seen: dict[Leg, Phase], expected: dict[Leg, Phase]
) -> None:
    assert whole_map({L1: A, L2: B, L3: C}, seen, PHASES) == expected
