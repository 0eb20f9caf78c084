"""The highest average of imported power, as a capacity tariff counts it.

What is exported within a window does not lower its average: meters count import by itself.
"""

from collections import deque

from evenload.model.control import ImportAverage as Tariff
from evenload.model.control import Window

_LENGTHS = {
    Window.QUARTER: 900,
    Window.HOUR: 3600,
    Window.ROLLING_QUARTER: 900,
}
"""[s]"""


class ImportAverage:
    """Follows the average import of the windows of a tariff; without one, of each quarter of an hour."""

    __slots__ = ("_energy", "_length", "_limit", "_past", "peak")

    def __init__(self, tariff: Tariff | None) -> None:
        """Take the window and the limit of a tariff."""
        window = Window.QUARTER if tariff is None else tariff.window
        self._length = _LENGTHS[window]
        self._limit = None if tariff is None else tariff.limit
        self._past: deque[float] | None = (
            deque([0.0] * self._length) if window is Window.ROLLING_QUARTER else None
        )
        self._energy = 0.0
        self.peak = 0.0
        """The highest average of a window that was lived through to its end [W]."""

    def add(self, power: float, moment: int) -> None:
        """Take a second's power, import positive [W], and when it was [s after a midnight]."""
        imported = max(0.0, power)
        self._energy += imported
        if self._past is not None:
            self._energy -= self._past.popleft()
            self._past.append(imported)
            self.peak = max(self.peak, self._energy / self._length)
        elif (moment + 1) % self._length == 0:
            self.peak = max(self.peak, self._energy / self._length)
            self._energy = 0.0

    def result(self) -> dict[str, float | None]:
        """Return the highest average and the tariff's limit [W]."""
        return {"peak_w": round(self.peak), "limit_w": self._limit}
