"""The `plant:` part of a site file: what a simulated house is made of beyond what Evenload is told.

The site says what the controller believes; the plant says what is really there. Units follow the
rest of the package: currents [A], powers [W], energies [Wh], temperatures [degC], states of charge
[%], durations [s]. Times of day are written `"17:30"` and kept as seconds after midnight.
"""

import datetime as dt
from enum import StrEnum
from typing import Annotated, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Strict, Tag

from evenload.model.site import Leg, Phase

_MINUTES_PER_DAY = 1440


def seconds_of_day(value: object) -> object:
    """Return the seconds after midnight of `"17:30"` or `"17:30:15"`.

    YAML reads an unquoted 17:30 as the number 1050 (base sixty), so whole numbers are minutes.
    Anything else is returned as it came, for the schema to refuse.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MINUTES_PER_DAY:
        return value * 60
    if isinstance(value, str):
        try:
            moment = dt.time.fromisoformat(value)
        except ValueError as error:
            raise ValueError('a time of day such as "17:30" is needed') from error
        return moment.hour * 3600 + moment.minute * 60 + moment.second
    return value


# Strict: neither text nor a truth value passes for a number.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
TimeOfDay = Annotated[Whole, BeforeValidator(seconds_of_day), Field(ge=0, lt=86400)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Percent = Annotated[Number, Field(ge=0, le=100)]


class Part(BaseModel):
    """A part of the plant: frozen, unknown keys refused, no infinities."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )


class Location(Part):
    """Where the house stands, for the sun."""

    latitude: Annotated[Number, Field(ge=-66, le=66)] = 52.1
    """[deg, north positive]"""
    longitude: Annotated[Number, Field(ge=-180, le=180)] = 5.2
    """[deg, east positive]"""
    utc_offset: Annotated[Number, Field(ge=-12, le=14)] = 2.0
    """Hours that the house's clock is ahead of UTC, the whole run long."""


class Size(StrEnum):
    """How much a generated household uses."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    """Above 25 A in about 0.3 % of all minutes when on one phase."""


class GeneratedHousehold(Part):
    """A household built from appliances that people switch on, new every day, the same per seed."""

    source: Literal["generated"] = "generated"
    size: Size = Size.NORMAL
    appliance_interval: Positive | None = None
    """A kettle and an oven come on in turn this often, whatever the hour [s]; None: they do not."""


class TraceFile(Part):
    """Rows of a table with a time and one column of power a phase."""

    time: str | None = "time"
    """The column with times (ISO 8601, or seconds); None: rows are `step` apart."""
    step: Positive = 60.0
    """Distance of rows where there is no column with times [s]."""
    scale: Positive = 1.0
    """Multiplies every value; 1000 for a file in kW."""


class CsvHousehold(TraceFile):
    """The user's own measurements."""

    source: Literal["csv"]
    path: str
    """The file, relative to the directory the command runs in."""
    columns: Annotated[dict[Phase, str], Field(min_length=1)]
    """The column of each phase [W]."""


class RecordedHousehold(TraceFile):
    """One of the recorded houses that `EVENLOAD_DATA` points to."""

    source: Literal["recorded"]
    path: str
    """The Parquet file below the data directory, such as `house3p/uci_fr_house_1min_2009.parquet`."""
    columns: Annotated[dict[Phase, str], Field(min_length=1)]
    """The column of each phase [W]."""
    first_day: Annotated[Whole, Field(ge=0)] = 0
    """The day of the recording that the run begins with, counted from its first midnight."""


def _source_of(value: object) -> str:
    """Return which kind of source is meant; generated, where it is not said."""
    if isinstance(value, dict):
        source: object = cast("dict[object, object]", value).get("source", "generated")
        return source if isinstance(source, str) else "generated"
    return str(getattr(value, "source", "generated"))


Household = Annotated[
    Annotated[GeneratedHousehold, Tag("generated")]
    | Annotated[CsvHousehold, Tag("csv")]
    | Annotated[RecordedHousehold, Tag("recorded")],
    Discriminator(_source_of),
]


class Sky(StrEnum):
    """What clouds do."""

    CLEAR = "clear"
    BROKEN = "broken"
    OVERCAST = "overcast"
    MIXED = "mixed"
    """Each day one of the others, seeded."""


class Solar(Part):
    """A roof with its inverter."""

    peak: Positive
    """Power of the modules at standard test conditions [W]."""
    inverter: Positive | None = None
    """Most that the inverter delivers [W]; None: the modules' peak."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.A,)
    """The phases it feeds, in equal parts."""
    tilt: Annotated[Number, Field(ge=0, le=90)] = 35.0
    """[deg from horizontal]"""
    azimuth: Annotated[Number, Field(ge=0, lt=360)] = 180.0
    """[deg from north, clockwise]"""
    sky: Sky = Sky.MIXED
    losses: Share = 0.14
    """Wiring, soiling, inverter."""
    report_interval: Annotated[Whole, Field(ge=1)] = 5
    """[s]"""


class FuseKind(StrEnum):
    """The kind of main fuse."""

    GG = "gG"
    B = "B"
    C = "C"
    D = "D"


class Fuse(Part):
    """The main fuse that is really there."""

    kind: FuseKind = FuseKind.GG
    rating: Positive | None = None
    """[A]; None: what the site says."""


class Meter(Part):
    """The grid meter, with everything that makes real ones hard to work with."""

    interval: Annotated[Whole, Field(ge=1, le=120)] = 5
    """Between two reports [s]."""
    lag: Annotated[Whole, Field(ge=0, le=60)] = 1
    """How old a value is when it is reported [s]."""
    resolution: NotNegative = 0.1
    """Step of the reported current [A]; 0: as fine as it is."""
    noise: NotNegative = 0.02
    """Standard deviation of the measurement [A]."""
    dropout: Share = 0.0
    """Share of reports that never arrive."""
    phase_swap: dict[Phase, Phase] = {}
    """Under which phase's name each phase is reported, where it is not its own."""
    reversed: tuple[Phase, ...] = ()
    """Phases whose current transformer is mounted backwards."""
    voltage: bool = False
    """Whether it reports voltages too."""


class Battery(Part):
    """The house's battery; power limits and lowest state of charge are the site's."""

    capacity: Positive
    """[Wh]"""
    soc: Percent = 50.0
    """At the start."""
    efficiency: Annotated[Number, Field(gt=0, le=1)] = 0.92
    """There and back."""
    lag: Annotated[Whole, Field(ge=1, le=60)] = 2
    """How long it takes to follow the grid connection [s]."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.A,)
    """The phases it feeds, in equal parts."""
    report_interval: Annotated[Whole, Field(ge=1)] = 5
    """[s]"""


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
    leaves: TimeOfDay
    returns: TimeOfDay
    """On the next day where it is not later than `leaves`."""
    energy: NotNegative
    """Taken from the car's battery [Wh]."""


class ChargerPart(Part):
    """How the charging station behaves."""

    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to a new offer to the car [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 5
    """[s]"""
    rounding: NotNegative = 1.0
    """It rounds a limit down to multiples of this [A]; 0: it does not."""
    initial_limit: NotNegative = 0.0
    """The limit it carries at the start [A]."""


class CarPart(Part):
    """A car and the charger it comes home to."""

    kind: Literal["car"]
    capacity: Positive = 60_000.0
    """[Wh]"""
    soc: Percent = 50.0
    """At the start."""
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
    trips: tuple[Trip, ...] = ()
    """When it is away; without trips it is always at home."""
    jitter: NotNegative = 900.0
    """Departures and arrivals vary by up to this [s]."""
    charger: ChargerPart = ChargerPart()


class TankPart(Part):
    """A hot-water tank with a thermostat of its own behind the relay that Evenload switches."""

    kind: Literal["tank"]
    volume: Positive = 200.0
    """[l]"""
    temperature: Number = 52.0
    """At the start."""
    comfort: Number = 42.0
    """Below this people notice."""
    thermostat: Number = 62.0
    """Its own thermostat switches off here."""
    hysteresis: Positive = 4.0
    """Its own thermostat switches on again this far below [K]."""
    loss: NotNegative = 1.8
    """To the room [W/K]."""
    ambient: Number = 19.0
    inlet: Number = 12.0
    """Of cold water."""
    daily_draw: NotNegative = 110.0
    """Hot water drawn in a day, on average [l]."""
    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to the relay [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 10
    """[s]"""


class HeaterPart(Part):
    """A plain load behind a relay: it draws its power whenever it is on."""

    kind: Literal["heater"]
    delay: Annotated[Whole, Field(ge=0, le=60)] = 1
    """From a command to the relay [s]."""
    report_interval: Annotated[Whole, Field(ge=1, le=300)] = 10
    """[s]"""


DevicePart = Annotated[CarPart | TankPart | HeaterPart, Field(discriminator="kind")]


class FaultKind(StrEnum):
    """What can break."""

    METER_SILENT = "meter_silent"
    """It reports nothing."""
    METER_FROZEN = "meter_frozen"
    """It goes on reporting what it last measured."""
    METER_NAN = "meter_nan"
    """It reports no number."""
    METER_GLITCH = "meter_glitch"
    """It reports milliamperes as amperes."""
    CHARGER_DEAF = "charger_deaf"
    """It reports, and ignores commands."""
    CHARGER_OFFLINE = "charger_offline"
    """It cannot be reached, and keeps the limit it has."""


class Fault(Part):
    """Something that breaks at a given time, and works again later."""

    kind: FaultKind
    at: TimeOfDay
    day: Annotated[Whole, Field(ge=0)] | None = None
    """The day of the run, from 0; None: every day."""
    duration: Positive
    """[s]"""
    load: str | None = None
    """The load whose charger it is; None: every charger."""


class Prices(Part):
    """What energy costs [currency/kWh]."""

    import_price: Number = 0.30
    export_price: Number = 0.08


class Plant(Part):
    """Everything that is really there, and the seed of all that is random."""

    seed: Annotated[Whole, Field(ge=0)] = 1
    start: dt.datetime | dt.date = dt.date(2026, 6, 15)
    """A date, or a date with a time, by the clock of the house."""
    days: Positive = 7.0
    """How long a run lasts unless it is told otherwise."""
    location: Location = Location()
    household: Household = GeneratedHousehold()
    solar: Solar | None = None
    battery: Battery | None = None
    fuse: Fuse = Fuse()
    meter: Meter = Meter()
    devices: dict[str, DevicePart] = {}
    """What is behind each load, by the load's id."""
    faults: tuple[Fault, ...] = ()
    prices: Prices = Prices()

    @property
    def first_day(self) -> dt.date:
        """The day the run begins on."""
        return self.start.date() if isinstance(self.start, dt.datetime) else self.start

    @property
    def start_second(self) -> int:
        """Where in its first day the run begins [s after midnight]."""
        if not isinstance(self.start, dt.datetime):
            return 0
        return self.start.hour * 3600 + self.start.minute * 60 + self.start.second
