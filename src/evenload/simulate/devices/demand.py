"""What a meter counts for a capacity tariff: import in the quarter of an hour that runs."""

_QUARTER = 900


class QuarterDemand:
    """Counts import as meters in Belgium do (DSMR 1-0:1.4.0).

    The value is the energy imported since the quarter began over the whole quarter's length: it begins
    at nothing and rises.
    """

    __slots__ = ("_energy", "_second")

    def __init__(self, start: int) -> None:
        """`start` is where in its day the run begins [s after midnight]."""
        self._second = start
        self._energy = 0.0

    @property
    def power(self) -> float:
        """The quarter's average import so far [W]."""
        return self._energy / _QUARTER

    def observe(self, power: float) -> None:
        """Count one second of what flows over all phases, import positive [W]."""
        if self._second % _QUARTER == 0:
            self._energy = 0.0
        self._second += 1
        self._energy += max(0.0, power)
