"""Which shape stands where in a site file: for the document itself, hints, and the reference page."""

import re
from collections.abc import Mapping

from evenload.model.document.control_shapes import (
    ControlShape,
    ImportAverageShape,
    LoadControlShape,
    PhaseSwitchingShape,
)
from evenload.model.document.moment_shapes import (
    BatteryReadingShape,
    LoadReadingShape,
    ReadingsShape,
)
from evenload.model.document.need_shapes import (
    DisinfectionShape,
    ReadyByShape,
    RuntimeShape,
    TemperaturesShape,
)
from evenload.model.document.site_shapes import (
    BatteryShape,
    ChargerShape,
    CircuitShape,
    DimmingShape,
    EvShape,
    InverterShape,
    LoadShape,
    PlugShape,
    PowerShape,
    SiteShape,
    SteppedShape,
    SwitchShape,
)
from evenload.model.document.words import Shape
from evenload.model.site import Kind


class DocumentShape(Shape):
    """A whole site file."""

    site: SiteShape
    """The grid connection."""
    circuits: list[CircuitShape] | None = None
    """Fuses and breakers below the main fuse; left out: none."""
    chargers: list[ChargerShape] | None = None
    """Charging stations with their plugs; left out: none."""
    loads: list[LoadShape] | None = None
    """All other loads; left out: none."""
    readings: ReadingsShape | None = None
    """One moment; `evenload allocate` needs it."""
    control: ControlShape | None = None
    """How the controller behaves; left out: its defaults."""
    plant: dict[str, object] | None = None
    """The simulated house; `evenload simulate` needs it and says what it may hold."""
    replay: dict[str, object] | None = None
    """Which entity is which sensor; `evenload replay` needs it and says what it may hold."""


SECTIONS: Mapping[str, type[Shape]] = {
    "": DocumentShape,
    "site": SiteShape,
    "site.dimming": DimmingShape,
    "site.inverter": InverterShape,
    "site.battery": BatteryShape,
    "circuits[]": CircuitShape,
    "chargers[]": ChargerShape,
    "chargers[].plugs[]": PlugShape,
    "readings": ReadingsShape,
    "readings.battery": BatteryReadingShape,
    "readings.loads.*": LoadReadingShape,
    "control": ControlShape,
    "control.import_average": ImportAverageShape,
    "control.loads.*": LoadControlShape,
    "control.loads.*.phase_switching": PhaseSwitchingShape,
    "control.loads.*.temperatures": TemperaturesShape,
    "control.loads.*.temperatures.disinfection": DisinfectionShape,
    "control.loads.*.runtime": RuntimeShape,
    "control.loads.*.ready_by": ReadyByShape,
}
"""By path, with `[]` for any index and `*` for any id; loads have a shape for each kind."""

LOADS = "loads[]"

LOAD_SHAPES: Mapping[Kind, type[Shape]] = {
    Kind.EV: EvShape,
    Kind.SWITCH: SwitchShape,
    Kind.STEPPED: SteppedShape,
    Kind.POWER: PowerShape,
}


def section_of(path: str) -> str:
    """Return the section that `path` is one place of: `chargers[0].plugs[1]` is `chargers[].plugs[]`."""
    return re.sub(
        r"^(readings|control)\.loads\.[^.]+", r"\1.loads.*", re.sub(r"\[\d+\]", "[]", path)
    )


def shape_at(path: str, kind: object = None) -> type[Shape] | None:
    """Return the shape of the mapping at `path`, for a load that of its `kind`; None: there is none."""
    section = section_of(path)
    if section != LOADS:
        return SECTIONS.get(section)
    return LOAD_SHAPES[Kind(kind)] if isinstance(kind, str) and kind in [*Kind] else None
