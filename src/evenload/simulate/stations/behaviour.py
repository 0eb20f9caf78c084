"""How a virtual station behaves, where stations differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

VOLTAGE = 230.0
"""Of each leg, at every plug [V]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """One station's ways; the defaults are those of the specification."""

    vendor: str = "Evenload"
    model: str = "Virtual station"
    firmware: str = "1"
    phases: int = 3
    """Legs of each plug."""
    max_current: float = 16.0
    """What a plug can offer [A per leg]."""
    default_current: float | None = None
    """What a plug offers without any profile [A per leg]; None: all it can."""
    station_current: float | None = None
    """What its hardware gives all plugs together [A per leg]; None: as much as they take."""
    minimum: float = 6.0
    """Below this it offers nothing [A per leg]."""
    free: bool = True
    """Whether it starts a transaction as soon as a car is plugged in; otherwise it waits for a call."""
    token: str = "FREE"  # noqa: S105 - a name, no secret
    """Who it says charges."""
    rate_unit: str = "A"
    """The unit of profiles that it takes: A or W."""
    most_periods: int = 24
    """In one schedule."""
    tells_soc: bool = False
    """Whether its meter values contain the car's state of charge."""
    switches_phases: bool = False
    """Whether a plug gives one phase or three, as its profile says."""
    ends_offline: bool = False
    """Whether it lets profiles end some time after the connection is lost (OCPP 2.1)."""
    clock_ahead: float = 0.0
    """How far its clock is ahead [s]."""
    never_answers: frozenset[str] = frozenset()
    """Calls that it swallows."""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Calls that it always answers with this status."""
    meter_interval: float = 10.0
    """Until it is configured otherwise [s]."""
    deaf: bool = False
    """Whether it accepts limits without following them."""
