"""The whole of `plant:`, and what breaks in it."""

import datetime as dt
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from evenload.model.document.words import TimeOfDay
from evenload.model.site import Phase
from evenload.simulate.settings.connection import Battery, CircuitPart, Fuse, Inverter, Meter
from evenload.simulate.settings.devices import DevicePart, StationPart
from evenload.simulate.settings.surroundings import (
    GeneratedHousehold,
    GeneratedWeather,
    Household,
    Location,
    Prices,
    Solar,
    Weather,
)
from evenload.simulate.settings.words import NotNegative, Number, Part, Positive, Whole


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
    METER_DROPOUT = "meter_dropout"
    """Every other report is lost, by chance."""
    CHARGER_DEAF = "charger_deaf"
    """It reports, and ignores commands."""
    CHARGER_OFFLINE = "charger_offline"
    """It cannot be reached, and keeps the limit it has until its lease ends."""
    CHARGER_REBOOT = "charger_reboot"
    """It is off and cannot be reached; then it has forgotten its limit and carries its default."""
    CHARGER_ROUNDING = "charger_rounding"
    """It rounds limits up to even numbers of amperes."""
    RELAY_STUCK = "relay_stuck"
    """It reports, and switches no more."""
    RELAY_OFFLINE = "relay_offline"
    """It cannot be reached, and stays as it is."""
    BATTERY_SILENT = "battery_silent"
    """It works, and reports nothing."""
    HOME_ASSISTANT_GONE = "home_assistant_gone"
    """Nobody decides or commands; then the controller starts again with what it had saved."""
    CLOCK_STEP = "clock_step"
    """The wall clock is wrong by `step`."""


METER_FAULTS = frozenset(
    {
        FaultKind.METER_SILENT,
        FaultKind.METER_FROZEN,
        FaultKind.METER_NAN,
        FaultKind.METER_GLITCH,
        FaultKind.METER_DROPOUT,
    }
)
"""What breaks of a meter."""


class Fault(Part):
    """Something that breaks at a given time, and works again later."""

    kind: FaultKind
    """What breaks."""
    at: TimeOfDay
    """When it breaks."""
    day: Annotated[Whole, Field(ge=0)] | None = None
    """The day of the run, from 0; None: every day."""
    duration: Positive
    """How long it stays broken [s]."""
    load: str | None = None
    """The load or charger whose it is, of a meter the circuit; None: all that can have it, or the grid meter."""
    step: Number = 3600.0
    """How far ahead of the right time a wrong clock is [s]."""


class Appliance(Part):
    """Something of the household that comes on at a given time."""

    at: TimeOfDay
    """When it comes on."""
    day: Annotated[Whole, Field(ge=0)] | None = None
    """The day of the run, from 0; None: every day."""
    duration: Positive
    """How long it runs [s]."""
    power: Positive
    """What it draws, over its phases in equal parts [W]."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.A,)
    """The phases it draws on."""


class ByHand(Part):
    """A person sets a device by hand."""

    load: str
    """The load."""
    setpoint: NotNegative
    """What it is set to, in the unit of its levels; 0: off or paused."""
    at: TimeOfDay
    """When it is set."""
    day: Annotated[Whole, Field(ge=0)] | None = None
    """The day of the run, from 0; None: every day."""
    is_known: bool = True
    """Whether Home Assistant knows that it was a person; otherwise the setpoint just changes."""


class Plant(Part):
    """Everything that is really there, and the seed of all that is random."""

    seed: Annotated[Whole, Field(ge=0)] = 1
    """The same number gives the same household, clouds, trips and noise."""
    start: dt.datetime | dt.date = dt.date(2026, 6, 15)
    """A date, or a date with a time, by the clock of the house."""
    days: Positive = 7.0
    """How long a run lasts unless it is told otherwise."""
    location: Location = Location()
    """Where the house stands."""
    weather: Weather = GeneratedWeather()
    """How warm it is, for rooms."""
    household: Household = GeneratedHousehold()
    """What draws without being managed."""
    solar: Solar | None = None
    """None: there is no roof."""
    battery: Battery | None = None
    """None: there is no battery; there is one where `site.battery` is."""
    inverter: Inverter = Inverter()
    """What solar and battery reach the house through, where `site.inverter` is."""
    fuse: Fuse = Fuse()
    """The main fuse."""
    meter: Meter = Meter()
    """The grid meter; off the grid what the inverter reports of itself."""
    circuits: dict[str, CircuitPart] = {}  # noqa: RUF012 - pydantic copies it
    """What is really there of the site's circuits, by the circuit's id."""
    appliances: tuple[Appliance, ...] = ()
    """What comes on at given times in the household, beside everything else."""
    devices: dict[str, DevicePart] = {}  # noqa: RUF012 - pydantic copies it
    """What is behind each load, by the load's id."""
    chargers: dict[str, StationPart] = {}  # noqa: RUF012 - pydantic copies it
    """Charging stations that differ from what the site says of them, by the charger's id."""
    by_hand: tuple[ByHand, ...] = ()
    """What people set by hand."""
    faults: tuple[Fault, ...] = ()
    """What breaks, and when."""
    tick: Annotated[Whole, Field(ge=1)] | None = None
    """The controller is asked this often between two reports of the meter, too [s]; None: it is not."""
    prices: Prices = Prices()
    """What energy costs."""

    @property
    def first_day(self) -> dt.date:
        """The day the run begins on."""
        return self.start.date() if isinstance(self.start, dt.datetime) else self.start

    @property
    def midnight(self) -> dt.datetime:
        """The first day's midnight by the clock of the house."""
        zone = dt.timezone(dt.timedelta(hours=self.location.utc_offset))
        return dt.datetime.combine(self.first_day, dt.time(), zone)

    @property
    def start_second(self) -> int:
        """Where in its first day the run begins [s after midnight]."""
        if not isinstance(self.start, dt.datetime):
            return 0
        return self.start.hour * 3600 + self.start.minute * 60 + self.start.second
