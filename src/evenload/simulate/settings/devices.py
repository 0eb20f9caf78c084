"""What stands behind managed loads: cars with their chargers, tanks, heaters."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from evenload.model.document.words import TimeOfDay
from evenload.model.site import Leg
from evenload.simulate.settings.files import CsvFile, RecordedFile
from evenload.simulate.settings.words import (
    NotNegative,
    Number,
    Part,
    Percent,
    Positive,
    Whole,
)


class Weekday(StrEnum):
    """A day of the week."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


class Trip(Part):
    """A drive that recurs every week."""

    days: Annotated[tuple[Weekday, ...], Field(min_length=1)] = tuple(Weekday)
    """The days on which it leaves."""
    leaves: TimeOfDay
    """When it leaves."""
    returns: TimeOfDay
    """When it comes back; on the next day where that is not later than `leaves`."""
    energy: NotNegative
    """Taken from the car's battery [Wh]."""


class Sessions(Part):
    """Which columns hold charging sessions at one plug."""

    arrives: str = "arrival_utc"
    """The column with the times at which a car comes."""
    leaves: str = "departure_utc"
    """The column with the times at which it leaves."""
    energy: str = "delivered_kWh"
    """The column with the energy it needs at the plug."""
    scale: Positive = 1000.0
    """Multiplies that energy; 1000 for a file in kWh."""
    shift: Number = 0.0
    """Added to the table's times, to bring its clock to the house's [s]."""
    station: str | None = None
    """The column that says at which plug a session was; None: all are at this one."""
    at: str | None = None
    """What that column holds for this plug."""


class CsvSessions(Sessions, CsvFile):
    """Charging sessions in a table of one's own."""


class RecordedSessions(Sessions, RecordedFile):
    """Recorded charging sessions."""


class Rounding(StrEnum):
    """What a charger makes of a limit between two that it knows."""

    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"


class ChargerPart(Part):
    """How the charging station behaves at this plug."""

    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to a new offer to the car [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=600)] = 5
    """Between two reports; a new status is reported at once [s]."""
    report_lag: Annotated[Whole, Field(ge=0, le=60)] = 0
    """How old the measurements in a report are [s]."""
    report_change: NotNegative | None = None
    """It reports only when a leg has changed by more than this [A]; None: at every interval."""
    reports_legs: bool = True
    """Whether it reports the current of each leg; otherwise power over all of them alone."""
    rounding: NotNegative = 1.0
    """It rounds a limit to multiples of this [A]; 0: it does not."""
    rounding_to: Rounding = Rounding.DOWN
    """In which direction it rounds."""
    levels: tuple[Positive, ...] = ()
    """The only limits it knows above 0, rising [A]; none: multiples of `rounding`."""
    initial_limit: NotNegative = 0.0
    """The limit it carries at the start [A]."""
    default_limit: NotNegative | None = None
    """The limit it carries after it has rebooted [A]; None: the most of its plug."""
    lease: bool = True
    """Whether it falls back by itself when a command that runs out is not repeated."""
    switches_phases: bool = False
    """Whether it can give its car one phase or three."""
    switch_pause: Annotated[Whole, Field(ge=1, le=300)] = 10
    """How long it offers nothing when it switches phases [s]."""


class CarPart(Part):
    """A car and the charger it comes home to."""

    kind: Literal["car"]
    """A car behind a load of kind ev."""
    capacity: Positive = 60_000.0
    """What its battery holds [Wh]."""
    soc: Percent = 50.0
    """State of charge at the start."""
    soc_limit: Annotated[Number, Field(gt=0, le=100)] = 100.0
    """Where the car ends charging by itself."""
    legs: Annotated[tuple[Leg, ...], Field(min_length=1)] | None = None
    """The legs its on-board charger uses; None: every leg of the plug."""
    min_current: Positive = 6.0
    """The car draws nothing when offered less [A per leg]."""
    max_current: Positive = 16.0
    """Of its on-board charger [A per leg]."""
    ramp: Positive = 4.0
    """How fast it rises [A/s]."""
    ramp_down: Positive = 16.0
    """How fast it falls [A/s]."""
    response: Annotated[Whole, Field(ge=0, le=60)] = 2
    """How long it takes to notice a new offer [s]."""
    stagger: Annotated[Number, Field(ge=0, le=60)] = 0.0
    """Its legs start one after another within this time, in random order [s]."""
    taper_from: Percent = 80.0
    """State of charge above which it draws less and less."""
    efficiency: Annotated[Number, Field(gt=0, le=1)] = 0.9
    """From the plug into the battery."""
    sleeps_after: Positive | None = None
    """It falls asleep when nothing has been offered for so long [s]; None: it never does."""
    wake_time: Annotated[Whole, Field(ge=0, le=600)] = 30
    """How long it takes to wake once something is offered [s]."""
    interruptions: Annotated[Whole, Field(ge=1)] | None = None
    """It refuses to charge after so many interruptions, until it has been away; None: it never does."""
    trips: tuple[Trip, ...] = ()
    """When it is away; without trips it is always at home."""
    sessions: Annotated[CsvSessions | RecordedSessions, Field(discriminator="source")] | None = None
    """When it comes, how much it needs and when it leaves, out of a file, in place of `trips`."""
    jitter: NotNegative = 900.0
    """Departures and arrivals of `trips` vary by up to this [s]."""
    charger: ChargerPart = ChargerPart()
    """The charging station it comes home to."""


class StationPart(Part):
    """A charging station with several plugs, as it really is."""

    max_current: Positive | None = None
    """What it lets all its plugs draw together on each leg [A]; None: what the site says."""
    max_active: Annotated[Whole, Field(ge=1)] | None = None
    """How many plugs it can give current at once; None: all."""


class ElementPart(Part):
    """What all loads behind a relay or a power controller have in common."""

    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to the relay [s]."""
    ramp: Positive | None = None
    """How fast a load of kind power rises and falls [W/s]; None: at once."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 10
    """Between two reports; what switches is reported at once [s]."""


class TankPart(ElementPart):
    """A hot-water tank with a thermostat of its own behind what Evenload switches."""

    kind: Literal["tank"]
    """A hot-water tank behind a load of kind switch, stepped or power."""
    volume: Positive = 200.0
    """What it holds [l]."""
    temperature: Number = 52.0
    """Of its water, at the start."""
    comfort: Number = 42.0
    """Below this people notice."""
    thermostat: Number = 62.0
    """Its own thermostat switches off here."""
    hysteresis: Positive = 4.0
    """Its own thermostat switches on again this far below [K]."""
    loss: NotNegative = 1.8
    """To the room [W/K]."""
    ambient: Number = 19.0
    """Of the room it stands in."""
    inlet: Number = 12.0
    """Of cold water."""
    daily_draw: NotNegative = 110.0
    """Hot water drawn in a day, on average [l]."""


class Room(Part):
    """A room or a house that is kept warm: air that follows quickly, walls that follow slowly."""

    temperature: Number = 20.5
    """Of air and walls, at the start."""
    comfort: Number = 20.0
    """Below this people notice."""
    thermostat: Number = 23.0
    """Its own thermostat switches off here."""
    hysteresis: Positive = 0.5
    """Its own thermostat switches on again this far below [K]."""
    air_capacity: Positive = 1500.0
    """Heat that air and furniture hold [Wh/K]."""
    wall_capacity: Positive = 12_000.0
    """Heat that walls and floors hold [Wh/K]."""
    exchange: Positive = 900.0
    """Between air and walls [W/K]."""
    loss: NotNegative = 160.0
    """To the outside [W/K]."""
    windows: NotNegative = 5.0
    """Area through which the horizontal sun comes in, in effect [m2]."""
    gains: NotNegative = 250.0
    """From people and what they use [W]."""


class HeaterPart(ElementPart):
    """A plain load: it draws its power whenever it is on, unless it heats a room that is warm."""

    kind: Literal["heater"]
    """A plain heater behind a load of kind switch, stepped or power."""
    room: Room | None = None
    """The room it heats; None: nobody looks."""


class HeatPumpPart(ElementPart):
    """A heat pump that keeps a house warm, with a compressor that starts as recorded ones do."""

    kind: Literal["heat_pump"]
    """A heat pump behind a load of kind switch, stepped or power."""
    room: Room = Room()
    """The house it heats."""
    cop: Positive = 3.0
    """Heat for each unit of electricity at 0 degC outside."""
    cop_per_kelvin: NotNegative = 0.07
    """How much better that is for each kelvin it is warmer outside."""
    pumps: NotNegative = 130.0
    """What its pumps draw [W]."""
    run_on: Annotated[Whole, Field(ge=0, le=3600)] = 600
    """How long its pumps run on after the compressor [s]."""
    rest: Annotated[Whole, Field(ge=0, le=3600)] = 300
    """The compressor does not start again sooner than this [s], whatever it is told."""


class PumpPart(ElementPart):
    """A pump that has to run for so long each day."""

    kind: Literal["pump"]
    """A pump behind a load of kind switch."""
    daily_runtime: Positive = 14_400.0
    """How long it should run each day [s]."""
    inrush: Annotated[Number, Field(ge=1)] = 4.0
    """What its motor takes in its first second, times its power."""


DevicePart = Annotated[
    CarPart | TankPart | HeaterPart | HeatPumpPart | PumpPart, Field(discriminator="kind")
]
