"""What happens to a house by itself: where it stands, who lives in it, the sun, what energy costs."""

from enum import StrEnum
from typing import Annotated, Literal, cast

from pydantic import Discriminator, Field, Tag

from evenload.model.site import Phase
from evenload.simulate.settings.files import CsvFile, RecordedFile
from evenload.simulate.settings.words import NotNegative, Number, Part, Positive, Share, Whole


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

    QUIET = "quiet"
    """Nobody is at home: only what runs by itself."""
    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"
    """Above 25 A in about 0.3 % of all minutes when on one phase."""


class GeneratedHousehold(Part):
    """A household built from appliances that people switch on, new every day, the same per seed."""

    source: Literal["generated"] = "generated"
    """Out of nothing but the seed."""
    size: Size = Size.NORMAL
    """How much it uses; a large one on one phase is above 25 A in 0.3 % of all minutes."""
    scale: NotNegative = 1.0
    """Multiplies everything it draws."""
    appliance_interval: Positive | None = None
    """A kettle and an oven come on in turn this often, whatever the hour [s]; None: they do not."""


class HouseholdColumns(Part):
    """Which columns hold a household's power."""

    columns: Annotated[dict[Phase, str], Field(min_length=1)]
    """The column of each phase of the site [W]."""
    scale: Positive = 1.0
    """Multiplies every value; 1000 for a file in kW."""


class CsvHousehold(HouseholdColumns, CsvFile):
    """The user's own measurements."""


class RecordedHousehold(HouseholdColumns, RecordedFile):
    """One of the recorded houses that `EVENLOAD_DATA` points to."""


def _source_of(value: object) -> str:
    """Return which kind of source is meant; generated, where it is not said."""
    if isinstance(value, dict):
        source: object = cast("dict[object, object]", value).get("source", "generated")
        return source if isinstance(source, str) else "generated"
    return str(getattr(value, "source", "generated"))


class GeneratedWeather(Part):
    """Weather after the seasons, with warm and cold spells that the seed gives."""

    source: Literal["generated"] = "generated"
    """Out of nothing but the seed; its clouds are the roof's."""
    mean: Number = 10.0
    """Of the year [degC]."""
    seasons: NotNegative = 9.0
    """How far midsummer and midwinter lie from that [K]."""
    spells: NotNegative = 3.6
    """Standard deviation of a day's mean from its season's [K]."""


class WeatherColumns(Part):
    """Which columns hold the weather."""

    temperature: str
    """The column with the air's temperature [degC]."""
    irradiance: str
    """The column with the irradiance on the horizontal [W/m2]."""
    shift: Number = 0.0
    """Added to the table's times, to bring its clock to the house's [s]."""


class CsvWeather(WeatherColumns, CsvFile):
    """Weather in a table of one's own."""


class RecordedWeather(WeatherColumns, RecordedFile):
    """Recorded weather that `EVENLOAD_DATA` points to."""


Weather = Annotated[
    Annotated[GeneratedWeather, Tag("generated")]
    | Annotated[CsvWeather, Tag("csv")]
    | Annotated[RecordedWeather, Tag("recorded")],
    Discriminator(_source_of),
]


ByHour = Annotated[tuple[Number, ...], Field(min_length=24, max_length=24)]


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


class Roof(Part):
    """Modules with their inverter, whatever says how much the sun gives."""

    peak: Positive
    """Power of the modules at standard test conditions [W]."""
    inverter: Positive | None = None
    """Most that the inverter delivers [W]; None: the modules' peak."""
    phases: Annotated[tuple[Phase, ...], Field(min_length=1)] = (Phase.A,)
    """The phases it feeds, in equal parts."""
    export_limit: NotNegative | None = None
    """The inverter throttles so that no more than this is exported [W]; None: it does not."""
    export_lag: Annotated[Whole, Field(ge=1, le=60)] = 3
    """How long it takes to follow the grid connection with that [s]."""
    report_interval: Annotated[Whole, Field(ge=1)] = 5
    """Between two reports of production [s]."""


class GeneratedSolar(Roof):
    """A clear sky after a published model, times clouds that the seed gives."""

    source: Literal["generated"] = "generated"
    """Out of nothing but the seed."""
    tilt: Annotated[Number, Field(ge=0, le=90)] = 35.0
    """[deg from horizontal]"""
    azimuth: Annotated[Number, Field(ge=0, lt=360)] = 180.0
    """[deg from north, clockwise]"""
    sky: Sky = Sky.MIXED
    """What clouds do; mixed: each day one of the others, by the seed."""
    losses: Share = 0.14
    """What wiring, soiling and inverter take of the modules' power."""


class SolarColumn(Roof):
    """Which column holds the production, and how it becomes that of this roof."""

    column: str
    """The column with power or irradiance."""
    rated: Positive = 1.0
    """What the column holds at full power: 1 for shares of the peak, 1000 for W/m2, else W."""
    shift: Number = 0.0
    """Added to the table's times, to bring its clock to the house's [s]."""


class CsvSolar(SolarColumn, CsvFile):
    """The user's own measurements of a roof."""


class RecordedSolar(SolarColumn, RecordedFile):
    """One of the recorded roofs that `EVENLOAD_DATA` points to."""


Solar = Annotated[
    Annotated[GeneratedSolar, Tag("generated")]
    | Annotated[CsvSolar, Tag("csv")]
    | Annotated[RecordedSolar, Tag("recorded")],
    Discriminator(_source_of),
]


class Market(Part):
    """Which column holds the market's price, and what is paid and earned for it."""

    column: str
    """The column with the price [currency/kWh after `scale`]."""
    scale: Positive = 1.0
    """Multiplies every value; 0.001 for a file in currency/MWh."""
    shift: Number = 0.0
    """Added to the table's times, to bring its clock to the house's [s]."""
    taxes: Number = 0.13
    """Paid besides for what comes from the grid [currency/kWh]."""
    vat: NotNegative = 0.21
    """Share of price and taxes that is paid on top."""
    export_fee: Number = 0.02
    """Kept by the supplier of what goes to the grid [currency/kWh]."""


class CsvMarket(Market, CsvFile):
    """Prices in a table of one's own."""


class RecordedMarket(Market, RecordedFile):
    """Recorded day-ahead prices."""


class Prices(Part):
    """What energy costs [currency/kWh]."""

    import_price: Number = 0.30
    """Paid for what comes from the grid."""
    export_price: Number = 0.08
    """Earned by what goes to the grid."""
    import_by_hour: ByHour | None = None
    """Paid for what comes from the grid in each hour of a day, in place of `import_price`."""
    export_by_hour: ByHour | None = None
    """Earned by what goes to the grid in each hour of a day, in place of `export_price`."""
    market: Annotated[CsvMarket | RecordedMarket, Field(discriminator="source")] | None = None
    """Prices that follow a market, in place of all the others."""
