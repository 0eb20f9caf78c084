"""What a person is told of a thermal model."""

from collections.abc import Mapping

from evenload.thermal import STEP, ThermalMemory

_LABELS: Mapping[str, str] = {
    "capacity": "heat capacity",
    "loss": "heat loss",
    "time_constant": "time constant",
    "gain": "a kilowatt, in the long run",
    "air_capacity": "  of air and furniture",
    "mass_capacity": "  of walls and floors",
    "exchange": "exchange between them",
    "sun": "heat of full sun",
    "gains": "heat nobody measures",
}
_TEN, _HUNDRED = 10.0, 100.0
_HOUR, _DAY = 3600, 86_400


def label(name: str) -> str:
    """Return the name of a parameter for a person."""
    return _LABELS.get(name, name)


def figure(value: float) -> str:
    """Return a number with as many digits as mean something."""
    size = abs(value)
    return (
        f"{value:,.0f}" if size >= _HUNDRED else f"{value:,.1f}" if size >= _TEN else f"{value:.2f}"
    )


def horizon(seconds: int) -> str:
    """Return how far ahead, in words."""
    if seconds == _DAY:
        return "a day ahead"
    hours = seconds // _HOUR
    return "an hour ahead" if hours == 1 else f"{hours} hours ahead"


def days_of(memory: ThermalMemory) -> float:
    """Return how long all that is needed was measured [days]."""
    return memory.steps * STEP / _DAY
