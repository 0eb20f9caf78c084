"""What is told to people: where the wiring is not as it was entered, with the steps that show it.

A list of mismatches is drawn from the verdicts each time; it holds nothing that is not sure. Maps that
are wrong for every load in one and the same way are one mistake at the meter, not many at loads, if
there are at least two loads to say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evenload.detect.evidence import MOVES
from evenload.detect.nouns import DetectorState, Evidence, Verdicts
from evenload.detect.worst_case import contradicts
from evenload.model.site import Leg, Phase, Site

AGREES = 0.35
"""A phase has shown a step when it differs from it by no more than this share."""


class MismatchKind(StrEnum):
    """What is not as it was entered; a closed list."""

    PHASE_MAP = "phase_map"
    """A load's legs hang on other phases than its map says."""
    METER_PHASES = "meter_phases"
    """The meter's phases are mixed up: every load says the same."""
    PHASE_REVERSED = "phase_reversed"
    """One phase of the meter, or two, count the wrong way round."""
    ALL_REVERSED = "all_reversed"
    """All of them do: the meter, or its sign, is turned round."""
    UNIT = "unit"
    """The meter's numbers are a thousand times too large or too small."""
    ELSEWHERE = "elsewhere"
    """The meter does not show what the load draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One leg's steps and what the phase showed that it is found on; the last of them in figures."""

    load: str
    leg: Leg
    rise: float
    """What the leg changed [A]; negative: it fell."""
    phase: Phase
    shown: float
    """What that phase of the meter changed [A]."""
    agreeing: int
    """How many of the steps that are kept the phase showed, as large and the same way."""
    steps: int
    """How many there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """One thing that is not as it was entered."""

    kind: MismatchKind
    about: str
    """A load's id, or `grid` or `grid/A` as troubles name them."""
    phases: Mapping[Leg, Phase]
    """The map to apply; empty: there is none."""
    reversed_phases: tuple[Phase, ...] = ()
    """The phases to turn round."""
    factor: float = 1.0
    """What the meter's numbers have to be divided by."""
    confidence: float
    """0 to 1."""
    evidence: tuple[Shown, ...] = ()


def mismatches(site: Site, state: DetectorState, verdicts: Verdicts) -> tuple[Mismatch, ...]:
    """Return everything that is sure and not as `site` has it."""
    found: list[Mismatch] = []
    if verdicts.factor != 1.0 and any(each.phases for each in verdicts.loads.values()):
        found.append(
            Mismatch(
                kind=MismatchKind.UNIT,
                about="grid",
                phases={},
                factor=verdicts.factor,
                confidence=max(each.confidence for each in verdicts.loads.values()),
            )
        )
    found += _polarity(state, verdicts)
    found += _maps(site, state, verdicts)
    found += [
        Mismatch(kind=MismatchKind.ELSEWHERE, about=load, phases={}, confidence=verdict.confidence)
        for load, verdict in verdicts.loads.items()
        if verdict.is_elsewhere
    ]
    return tuple(found)


def _polarity(state: DetectorState, verdicts: Verdicts) -> list[Mismatch]:
    turned = tuple(phase for phase, each in verdicts.polarity.items() if each.is_reversed is True)
    if not turned:
        return []
    shown = tuple(
        each
        for load in verdicts.loads
        for each in shown_steps(state, verdicts, load)
        if each.phase in turned
    )
    if len(turned) == len(verdicts.polarity) > 1:
        kinds = [(MismatchKind.ALL_REVERSED, "grid", turned)]
    else:
        kinds = [(MismatchKind.PHASE_REVERSED, f"grid/{phase}", (phase,)) for phase in turned]
    return [
        Mismatch(
            kind=kind,
            about=about,
            phases={},
            reversed_phases=phases,
            confidence=min(verdicts.polarity[phase].confidence for phase in phases),
            evidence=tuple(each for each in shown if each.phase in phases),
        )
        for kind, about, phases in kinds
    ]


def _maps(site: Site, state: DetectorState, verdicts: Verdicts) -> list[Mismatch]:
    wrong: list[Mismatch] = []
    moves: list[dict[Phase, Phase]] = []
    for load in site.all_loads:
        verdict = verdicts.loads.get(load.id)
        if verdict is None or verdict.phases is None:
            continue
        moves.append({load.phases[leg]: phase for leg, phase in verdict.phases.items()})
        if contradicts(load.phases, verdict.phases):
            mapped = whole_map(load.phases, verdict.phases, site.phases)
            wrong.append(
                Mismatch(
                    kind=MismatchKind.PHASE_MAP,
                    about=load.id,
                    phases=mapped,
                    confidence=verdict.confidence,
                    evidence=shown_steps(state, verdicts, load.id),
                )
            )
    move = _common(moves)
    if len(wrong) < 2 or len(wrong) < len(moves) or move is None:  # noqa: PLR2004 - one load is no pattern
        return wrong
    return [
        Mismatch(
            kind=MismatchKind.METER_PHASES,
            about="grid",
            phases={},
            confidence=min(each.confidence for each in wrong),
            evidence=tuple(shown for each in wrong for shown in each.evidence),
        ),
        *wrong,
    ]


def _common(moves: Sequence[Mapping[Phase, Phase]]) -> dict[Phase, Phase] | None:
    """Return the one exchange of phases that explains what every load says; None: there is none."""
    common: dict[Phase, Phase] = {}
    for move in moves:
        for given, found in move.items():
            if common.setdefault(given, found) is not found:
                return None
    return common if len(set(common.values())) == len(common) else None


def whole_map(
    given: Mapping[Leg, Phase], found: Mapping[Leg, Phase], phases: Sequence[Phase]
) -> dict[Leg, Phase]:
    """Return a map for all legs: those found as they were found, the others on what is left.

    A leg that was not seen keeps its phase where that is free.

    >>> a, b, c = Phase
    >>> one, two, three = Leg
    >>> whole_map({one: a, two: b, three: c}, {one: b}, (a, b, c)) == {one: b, two: a, three: c}
    True
    """
    mapped = dict(found)
    for leg, phase in given.items():
        if leg not in mapped and phase not in mapped.values():
            mapped[leg] = phase
    free = [phase for phase in phases if phase not in mapped.values()]
    for leg in given:
        if leg not in mapped:
            mapped[leg] = free.pop(0)
    return {leg: mapped[leg] for leg in given}


def shown_steps(state: DetectorState, verdicts: Verdicts, load: str) -> tuple[Shown, ...]:
    """Return for each leg of a load what its steps made the phase do that fits it best."""
    evidence, verdict = state.evidence.get(load), verdicts.loads.get(load)
    if evidence is None or verdict is None:
        return ()
    phases = tuple(verdicts.polarity)
    found = [
        _shown(evidence, load, leg, phase, phases.index(phase), verdicts)
        for leg, phase in verdict.best.items()
    ]
    return tuple(each for each in found if each is not None)


def _shown(  # noqa: PLR0917 - each is a noun of its own
    evidence: Evidence, load: str, leg: Leg, phase: Phase, place: int, verdicts: Verdicts
) -> Shown | None:
    row = evidence.legs.index(leg)
    steps = [each for each in evidence.witnessed if abs(each.changes[row]) >= MOVES]
    if not steps:
        return None
    sign = -1.0 if verdicts.polarity[phase].is_reversed is True else 1.0
    agreeing = [
        each
        for each in steps
        if abs(each.shown[place] - sign * each.changes[row]) <= AGREES * abs(each.changes[row])
    ]
    last = (agreeing or steps)[-1]
    return Shown(
        load=load,
        leg=leg,
        rise=last.changes[row],
        phase=phase,
        shown=last.shown[place],
        agreeing=len(agreeing),
        steps=len(steps),
    )


def sentence(site: Site, shown: Shown) -> str:
    """Return the evidence in words, for one leg."""
    return (
        f"When {site.name_of(shown.load)} {shown.leg} {_moved(shown.rise)}, "
        f"phase {shown.phase} {_moved(shown.shown)}; "
        f"{shown.agreeing} of {shown.steps} times"
    )


def _moved(change: float) -> str:
    return f"{'rose' if change > 0.0 else 'fell'} by {abs(change):.1f} A"
