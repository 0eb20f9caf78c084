"""What stands behind managed loads: cars with their chargers, tanks, heaters."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from evenload.model.site import Leg
from evenload.simulate.settings.files import CsvFile, RecordedFile
from evenload.simulate.settings.words import (
    NotNegative,
    Number,
    Part,
    Percent,
    Positive,
    TimeOfDay,
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


class TankPart(Part):
    """A hot-water tank with a thermostat of its own behind the relay that Evenload switches."""

    kind: Literal["tank"]
    """A hot-water tank behind a load of kind switch."""
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
    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to the relay [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 10
    """Between two reports; what switches is reported at once [s]."""


class HeaterPart(Part):
    """A plain load behind a relay: it draws its power whenever it is on."""

    kind: Literal["heater"]
    """A plain heater behind a load of kind switch."""
    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to the relay [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 10
    """Between two reports; what switches is reported at once [s]."""


DevicePart = Annotated[CarPart | TankPart | HeaterPart, Field(discriminator="kind")]
