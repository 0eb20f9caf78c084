"""When scheduled faults begin and end."""

from collections.abc import Sequence
from dataclasses import dataclass

from evenload.simulate.settings import Fault, FaultKind

_DAY = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultChange:
    """A fault begins or ends."""

    kind: FaultKind
    active: bool
    load: str | None = None
    """The load it is about; None: every one that can have it."""


class FaultSchedule:
    """Says each second which faults begin and end, in the control clock."""

    def __init__(self, faults: Sequence[Fault], start: int) -> None:
        """`start` is where in its day the run begins [s after midnight]."""
        self._faults = faults
        self._start = start

    def due(self, second: int) -> tuple[FaultChange, ...]:
        """Return what begins or ends at this second of the run."""
        if not self._faults:
            return ()
        return tuple(
            FaultChange(kind=fault.kind, active=active, load=fault.load)
            for fault in self._faults
            if (active := self._edge(fault, self._start + second)) is not None
        )

    def _edge(self, fault: Fault, moment: int) -> bool | None:
        """Return True where it begins, False where it ends, None between."""
        for edge, active in ((moment, True), (moment - int(fault.duration), False)):
            day, second = divmod(edge, _DAY)
            if second == fault.at and day == (day if fault.day is None else fault.day):
                return active
        return None
