"""When hot water is drawn: the heat that leaves with it, by the hour of the day."""

from dataclasses import dataclass

_HOURS = 24
_OFTEN = 56
"""Steps over which an hour's mean is taken at most: two weeks of quarters."""
_HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """What is drawn in each hour of the day, in UTC."""

    power: tuple[float, ...] = (0.0,) * _HOURS
    """Mean [W]."""
    counts: tuple[int, ...] = (0,) * _HOURS
    """From how many steps."""

    def after(self, at: float, power: float) -> Draws:
        """Return it after a step that ended at `at`, in which so much was drawn [W]."""
        hour = hour_of(at - 1.0)
        count = min(_OFTEN, self.counts[hour] + 1)
        mean = self.power[hour] + (power - self.power[hour]) / count
        return Draws(
            power=_with(self.power, hour, mean),
            counts=_with(self.counts, hour, count),
        )

    def expected(self, at: float, step: float, count: int) -> tuple[float, ...]:
        """Return what to expect in each of so many steps from `at` [W]."""
        return tuple(self.power[hour_of(at + step * (slot + 0.5))] for slot in range(count))


def hour_of(at: float) -> int:
    """Return the hour of the day of a time [s since 1970, UTC]."""
    return int(at // _HOUR) % _HOURS


def _with[Value](values: tuple[Value, ...], at: int, value: Value) -> tuple[Value, ...]:
    return (*values[:at], value, *values[at + 1 :])
