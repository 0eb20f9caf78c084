"""What colour a reason has, and which reason stands for a stretch of time."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from evenload.model.allocation import Reason
from evenload.model.decision import LoadDecision
from evenload.simulate.record import Stretch

COLOURS: Mapping[Reason, str] = {
    Reason.FULL: "#2e9d5b",
    Reason.SURPLUS: "#7ccf8a",
    Reason.MINIMUM: "#6fb3e0",
    Reason.LIMITED: "#f2a33c",
    Reason.STARTING: "#f7dc6f",
    Reason.HOLDING: "#d9b64a",
    Reason.RESTING: "#b79ad8",
    Reason.WAITING_FOR_SURPLUS: "#c9d6e3",
    Reason.BELOW_EXCESS_THRESHOLD: "#b4c6d8",
    Reason.BATTERY_FIRST: "#9fc3c9",
    Reason.OUTRANKED: "#d99a8b",
    Reason.DOES_NOT_FIT: "#e3643f",
    Reason.HELD: "#a98f7a",
    Reason.SATISFIED: "#a7ddc8",
    Reason.NOT_CONNECTED: "#eceff1",
    Reason.OFF: "#dfe3e6",
    Reason.PLANNED_LATER: "#cdb8ea",
    Reason.OVERRIDDEN: "#8e7cc3",
    Reason.ADOPTED: "#8fb8de",
    Reason.FAILSAFE: "#d7263d",
    Reason.FAULTED: "#8c1c2b",
    Reason.UNRESPONSIVE: "#a5243d",
    Reason.UNREACHABLE: "#7a6a6d",
    Reason.DRY_RUN: "#9aa5b1",
}
"""Greens give, blues and greys wait, oranges are limits, reds are trouble."""


def label(reason: Reason) -> str:
    """Return a reason in two words, for a legend."""
    return reason.value.replace("_", " ")


def merged(stretches: Sequence[Stretch], shortest: int) -> Iterator[Stretch]:
    """Yield stretches without gaps between them, none but the last shorter than `shortest` [s].

    Short ones are gathered until they are long enough together; then what lasted longest among them
    stands for all: what is narrower than a pixel only makes noise.
    """
    gathered: list[Stretch] = []
    for index, stretch in enumerate(stretches):
        gathered.append(stretch)
        last = index == len(stretches) - 1
        end = stretch.end if last else stretches[index + 1].begin
        if last or end - gathered[0].begin >= shortest:
            yield Stretch(begin=gathered[0].begin, decision=_longest(gathered, end), end=end)
            gathered = []


def _longest(stretches: Sequence[Stretch], end: int) -> LoadDecision:
    """Return the decision whose reason held longest over stretches that end at `end` [s]."""
    lasted: defaultdict[Reason, int] = defaultdict(int)
    ends = [*(stretch.begin for stretch in stretches[1:]), end]
    for stretch, until in zip(stretches, ends, strict=True):
        lasted[stretch.decision.reason] += until - stretch.begin
    longest = max(lasted, key=lambda reason: lasted[reason])
    return next(each.decision for each in stretches if each.decision.reason is longest)
