"""What thermal models are told, and what they are made for."""

from dataclasses import dataclass
from enum import StrEnum

STEP = 900.0
"""How long a step of learning and of forecasts is [s]."""

WATER = 1.163
"""Heat that a litre of water holds [Wh/K]."""


class ThermalKind(StrEnum):
    """What holds the heat."""

    ROOM = "room"
    TANK = "tank"


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalSettings:
    """What a user may know of a room or a tank."""

    kind: ThermalKind
    volume: float | None = None
    """Of a tank [l], above 0; None: its capacity is learnt alone."""
    efficiency: float = 1.0
    """Heat for each unit of power, above 0 (eta; of a heat pump whose COP is not known, 1)."""
    is_heat_known: bool = True
    """Whether power times efficiency is heat; else only time constant and gain can be known."""
    ambient: float | None = None
    """Of where it stands, where nobody measures it [degC]; None: 18 for a tank, not known for a room."""
    sun_peak: float = 1000.0
    """What the sun's sensor shows in full sun, above 0 [its own unit]."""
    is_sun_measured: bool = True
    """Whether there is such a sensor."""
    sensors: int = 1
    """How many temperatures are measured: 2 in a tank with an upper and a lower sensor."""
    memory: float = 10.0
    """How long what was learnt counts, above 0 [days]."""
    is_learning: bool = True
    """Whether anything is learnt; else temperatures are followed with what was."""
    hold: float = 3600.0
    """How long a value counts until the next, above 0 [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThermalSample:
    """What sensors say at one moment; None: not known."""

    at: float
    """[s since 1970, UTC]"""
    temperature: float | None = None
    """Of the room's air, or of the water (where there are two sensors, of the upper) [degC]."""
    lower: float | None = None
    """Of the water at the lower sensor [degC]."""
    power: float | None = None
    """What heats it [W]; cooling negative."""
    outdoor: float | None = None
    """Outside the room, or around the tank [degC]."""
    sun: float | None = None
    """Irradiance, or what a roof produces, in the unit of `sun_peak`."""


LIKELY = {ThermalKind.ROOM: (-15.0, 50.0), ThermalKind.TANK: (0.5, 105.0)}
"""Between what a temperature can be; sensors that fail say 85, -127 or 0 [degC]."""

OUTSIDE = (-60.0, 60.0)
"""Between what the temperature around it can be [degC]."""
