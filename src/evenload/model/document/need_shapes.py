"""The shapes of what loads need by themselves: `temperatures`, `runtime` and `ready_by` of a load."""

from evenload.model.document.words import Shape, TimeOfDay


class DisinfectionShape(Shape):
    """Heats a tank through from time to time."""

    interval: float = 604800.0
    """After so long without it is due."""
    temperature: float = 60.0
    """To be reached."""
    duration: float = 1800.0
    """And kept for so long."""


class TemperaturesShape(Shape):
    """Of a store of heat: a tank, a floor, a room."""

    target: float
    """Below it the load's mode decides what it gets."""
    floor: float | None = None
    """Below it the load is served from any source, whatever its mode; left out: there is none."""
    boost: float | None = None
    """Up to it surplus is stored; left out: no higher than the target."""
    hysteresis: float = 3.0
    """What begins at a temperature ends so much above it, and what ends there begins so much below."""
    ready_by: TimeOfDay | None = None
    """The target must be reached by this time of day; needs the volume."""
    volume: float | None = None
    """Of water, in litres."""
    disinfection: DisinfectionShape | None = None
    """Left out: never."""


class RuntimeShape(Shape):
    """How long something is to run each day, and when."""

    daily: float
    """Each day."""
    window_start: TimeOfDay = 0
    """Its day begins here."""
    window_end: TimeOfDay = 0
    """The same as the start: the whole day."""


class ReadyByShape(Shape):
    """How much energy a car must have got by a time of day."""

    at: TimeOfDay
    """Time of day."""
    energy: float
    """In each session, in Wh."""
