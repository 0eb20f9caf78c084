"""Starting transactions where a plugged-in car waits for us to do so."""

from collections.abc import Iterable, Iterator

from evenload.model.readings import LoadState
from evenload.ocpp.calls import Request
from evenload.ocpp.dialects.face import Dialect
from evenload.ocpp.plug import Plug
from evenload.ocpp.transactions import TransactionIds

TOKEN = "EVENLOAD"  # noqa: S105 - a name in the station's log, no secret
"""Who starts transactions by remote."""
_BEFORE_FIRST = 5.0
"""A station that starts by itself has done so by then [s]."""
_BETWEEN = 30.0
_TRIES = 3


class Starting:
    """Attempts to start transactions at the plugs of one station."""

    def __init__(self) -> None:
        """Begin without any."""
        self._tried: dict[int, tuple[float, int, float]] = {}

    def due(
        self, speaker: Dialect, plugs: Iterable[Plug], ids: TransactionIds, now: float
    ) -> Iterator[Request]:
        """Yield the starts to ask for: a few times for each car that came and may draw."""
        for plug in plugs:
            came, wanted = plug.occupied_since, plug.limit.wanted
            waits = plug.state is LoadState.CONNECTED and not plug.has_session
            if came is None or not waits or wanted is None or wanted.current <= 0.0:
                continue
            of_car, tries, last = self._tried.get(plug.number, (came, 0, 0.0))
            if of_car != came:
                tries, last = 0, 0.0
            if now - came >= _BEFORE_FIRST and tries < _TRIES and now - last >= _BETWEEN:
                self._tried[plug.number] = (came, tries + 1, now)
                yield self.start(speaker, plug, ids)

    @staticmethod
    def start(speaker: Dialect, plug: Plug, ids: TransactionIds) -> Request:
        """Return the call that starts a transaction at a plug."""
        return speaker.start(plug.number, TOKEN, ids.give())
