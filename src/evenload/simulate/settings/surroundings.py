"""What happens to a house by itself: where it stands, who lives in it, the sun, what energy costs."""

from enum import StrEnum
from typing import Annotated, Literal, cast

from pydantic import Discriminator, Field, Tag

from evenload.model.site import Phase
from evenload.simulate.settings.words import Number, Part, Positive, Share, Whole


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
    appliance_interval: Positive | None = None
    """A kettle and an oven come on in turn this often, whatever the hour [s]; None: they do not."""


class TableFile(Part):
    """Rows of a table with a time."""

    time: str | None = "time"
    """The column with times (ISO 8601, or seconds); None: rows are `step` apart."""
    step: Positive = 60.0
    """Distance of rows where there is no column with times [s]."""


class CsvFile(TableFile):
    """A table of the user's own."""

    source: Literal["csv"]
    """Out of a table of one's own."""
    path: str
    """The file, relative to the directory the command runs in."""


class RecordedFile(TableFile):
    """One of the recordings that `EVENLOAD_DATA` points to."""

    source: Literal["recorded"]
    """Out of a recording that `EVENLOAD_DATA` points to."""
    path: str
    """The Parquet file below the data directory, such as `house3p/uci_fr_house_1min_2009.parquet`."""
    first_day: Annotated[Whole, Field(ge=0)] = 0
    """The day of the recording that the run begins with, counted from its first midnight."""


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


class Prices(Part):
    """What energy costs [currency/kWh]."""

    import_price: Number = 0.30
    """Paid for what comes from the grid."""
    export_price: Number = 0.08
    """Earned by what goes to the grid."""
