"""A charging station with several plugs: it holds their sum to its own maximum.

It does so by itself, whatever each plug was told: plugs whose cars could charge share its maximum
alike, one that needs less leaves the rest to the others, and one whose share is below its minimum
waits, the last one first.
"""

from collections.abc import Sequence

from evenload.simulate.devices.charge_point import ChargePoint


class Station:
    """The plugs of one charger."""

    __slots__ = ("_max_active", "_max_current", "_seen", "plugs")

    def __init__(
        self, plugs: Sequence[ChargePoint], *, max_current: float, max_active: int | None
    ) -> None:
        """`max_current` binds the plugs' sum on each leg [A], `max_active` their number."""
        self.plugs = tuple(plugs)
        self._max_current = max_current
        self._max_active = len(plugs) if max_active is None else max_active
        self._seen: list[float] = []

    def advance(self) -> None:
        """Share the maximum anew where anything has changed."""
        wanted = [
            plug.limit.current if plug.car.home and not plug.car.full else 0.0
            for plug in self.plugs
        ]
        if wanted != self._seen:
            self._seen = wanted
            for plug, cap in zip(self.plugs, self._shares(wanted), strict=True):
                plug.cap = cap

    def _shares(self, wanted: Sequence[float]) -> list[float]:
        active = [index for index, limit in enumerate(wanted) if limit > 0.0]
        del active[self._max_active :]
        while active and self._max_current / len(active) < self.plugs[active[-1]].load.minimum:
            active.pop()
        shares, left = [0.0] * len(wanted), self._max_current
        for rank, index in enumerate(sorted(active, key=lambda index: wanted[index])):
            shares[index] = min(wanted[index], left / (len(active) - rank))
            left -= shares[index]
        return shares
