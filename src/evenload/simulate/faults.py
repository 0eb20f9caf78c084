"""When scheduled faults begin and end."""

from collections.abc import Sequence

from evenload.simulate.settings import Fault

_DAY = 86400


class FaultSchedule:
    """Says each second which faults begin and end, in the control clock."""

    def __init__(self, faults: Sequence[Fault], start: int) -> None:
        """`start` is where in its day the run begins [s after midnight]."""
        self._faults = faults
        self._start = start
        edges = {fault.at for fault in faults}
        edges |= {(fault.at + int(fault.duration)) % _DAY for fault in faults}
        self._edges = frozenset(edges)

    def due(self, second: int) -> tuple[tuple[Fault, bool], ...]:
        """Return what begins (True) or ends (False) at this second of the run."""
        moment = self._start + second
        if moment % _DAY not in self._edges:
            return ()
        return tuple(
            (fault, active)
            for fault in self._faults
            if (active := _edge(fault, moment)) is not None
        )


def _edge(fault: Fault, moment: int) -> bool | None:
    """Return True where it begins, False where it ends, None between."""
    for edge, active in ((moment, True), (moment - int(fault.duration), False)):
        day, second = divmod(edge, _DAY)
        if second == fault.at and day == (day if fault.day is None else fault.day):
            return active
    return None
