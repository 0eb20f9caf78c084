"""The `plant:` part of a site file: what a simulated house is made of beyond what Evenload is told.

The site says what the controller believes; the plant says what is really there. Units follow the
rest of the package: currents [A], powers [W], energies [Wh], temperatures [degC], states of charge
[%], durations [s]. Times of day are written `"17:30"` and kept as seconds after midnight.
"""

from evenload.simulate.settings.connection import (
    Battery,
    CircuitPart,
    Fuse,
    FuseKind,
    Inverter,
    Meter,
    MeterReports,
)
from evenload.simulate.settings.devices import (
    CarPart,
    ChargerPart,
    CsvSessions,
    DevicePart,
    HeaterPart,
    RecordedSessions,
    Rounding,
    StationPart,
    TankPart,
    Trip,
    Weekday,
)
from evenload.simulate.settings.files import CsvFile, RecordedFile
from evenload.simulate.settings.plant import METER_FAULTS, Appliance, Fault, FaultKind, Plant
from evenload.simulate.settings.surroundings import (
    CsvHousehold,
    CsvMarket,
    CsvSolar,
    GeneratedHousehold,
    GeneratedSolar,
    Household,
    Location,
    Prices,
    RecordedHousehold,
    RecordedMarket,
    RecordedSolar,
    Roof,
    Size,
    Sky,
    Solar,
)
from evenload.simulate.settings.words import Part

__all__ = [
    "METER_FAULTS",
    "Appliance",
    "Battery",
    "CarPart",
    "ChargerPart",
    "CircuitPart",
    "CsvFile",
    "CsvHousehold",
    "CsvMarket",
    "CsvSessions",
    "CsvSolar",
    "DevicePart",
    "Fault",
    "FaultKind",
    "Fuse",
    "FuseKind",
    "GeneratedHousehold",
    "GeneratedSolar",
    "HeaterPart",
    "Household",
    "Inverter",
    "Location",
    "Meter",
    "MeterReports",
    "Part",
    "Plant",
    "Prices",
    "RecordedFile",
    "RecordedHousehold",
    "RecordedMarket",
    "RecordedSessions",
    "RecordedSolar",
    "Roof",
    "Rounding",
    "Size",
    "Sky",
    "Solar",
    "StationPart",
    "TankPart",
    "Trip",
    "Weekday",
]
