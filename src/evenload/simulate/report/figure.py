"""The charts of a report, in one figure so that they zoom together.

From top to bottom: what happened, the current of each phase against its fuse, circuits, powers, each
load on a background that says why it had what it had, surplus, states of charge, temperatures against
what is comfortable, price and cost.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from evenload.model.site import Kind, Phase
from evenload.simulate.circuit import Circuit
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.plant import Plant
from evenload.simulate.record import Recorder
from evenload.simulate.report.canvas import INK, RED, Canvas

_SUN, _HOUSE, _GRID, _BATTERY = "#f0b429", "#9aa7b4", "#3b6fb6", "#8e44ad"
_LOW = 90
"""Height of a row that needs little room [px]."""
_MANY = 8
"""More loads than this are drawn low."""
_CARS = ("#3b6fb6", "#16a085", "#d35400", "#7f8c1f", "#c2185b")
_PHASES = ("#8d5524", "#2b2b2b", "#8a94a0")
"""Brown, black, grey: as the wires of the three phases are coloured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One row of the figure."""

    title: str
    unit: str
    draw: Callable[[Canvas, int], None]
    """Draws into the row of this number."""
    height: int = 210
    """[px]"""


def draw(plant: Plant, recorder: Recorder) -> str:
    """Return the figure of a run that has ended, as JSON."""
    charts = tuple(_charts(plant, recorder))
    titles, heights = [chart.title for chart in charts], [chart.height for chart in charts]
    midnight = datetime.combine(plant.settings.first_day, time.min)
    start = midnight + timedelta(seconds=plant.settings.start_second)
    canvas = Canvas(plant, recorder, titles, heights, start=start)
    for row, chart in enumerate(charts, start=1):
        chart.draw(canvas, row)
        canvas.unit(row, chart.unit)
    return canvas.finish()


def _charts(plant: Plant, recorder: Recorder) -> Iterator[Chart]:
    site = plant.site
    if recorder.happenings.found:
        yield Chart(title="What happened", unit="", draw=_lanes(recorder), height=_LOW)
    for phase in site.phases:
        title = f"Phase {phase}, fuse {site.fuse[phase]:g} A"
        yield Chart(title=title, unit="A", draw=_phase_chart(phase))
    for circuit in plant.circuits.values():
        name = site.name_of(circuit.id)
        title = f"{name}, fuse {max(circuit.ratings):g} A"
        yield Chart(title=title, unit="A", draw=_circuit_chart(circuit))
    yield Chart(title="Power", unit="W", draw=_power_chart(plant))
    for device in plant.devices:
        name = site.name_of(device.load.id)
        title = f"{name[:1].upper()}{name[1:]}, and why"
        chart = Chart(title=title, unit="W", draw=_load_chart(device))
        yield replace(chart, height=_LOW) if len(plant.devices) > _MANY else chart
    if plant.settings.solar is not None:
        yield Chart(title="Surplus", unit="W", draw=_surplus_chart)
    if any(name.startswith("soc") for name in recorder.series):
        yield Chart(title="State of charge", unit="%", draw=_soc_chart)
    for device in plant.devices:
        if device.comfort is not None:
            title = f"Temperature of {site.name_of(device.load.id)}"
            yield Chart(title=title, unit="°C", draw=_temperature_chart(device))
    prices = recorder.series["price"].values
    if prices and min(prices) < max(prices):
        yield Chart(title="Price of a kWh", unit="", draw=_price_chart)
    yield Chart(title="Cost so far", unit="", draw=_cost_chart)


def _lanes(recorder: Recorder) -> Callable[[Canvas, int], None]:
    return lambda canvas, row: canvas.lanes(row, recorder.happenings.found)


def _phase_chart(phase: Phase) -> Callable[[Canvas, int], None]:
    def draw_phase(canvas: Canvas, row: int) -> None:
        canvas.line(row, f"current.{phase}", "all", _GRID)
        canvas.line(row, f"house.{phase}", "without loads", _HOUSE, fill=True)
        canvas.rating(row, canvas.plant.site.fuse[phase])

    return draw_phase


def _circuit_chart(circuit: Circuit) -> Callable[[Canvas, int], None]:
    def draw_circuit(canvas: Canvas, row: int) -> None:
        for phase, colour in zip(circuit.phases, _PHASES, strict=False):
            name = canvas.plant.site.phases[phase]
            canvas.line(row, f"current.{circuit.id}.{name}", str(name), colour)
        canvas.rating(row, max(circuit.ratings))

    return draw_circuit


def _power_chart(plant: Plant) -> Callable[[Canvas, int], None]:
    def draw_power(canvas: Canvas, row: int) -> None:
        if plant.settings.solar is not None:
            canvas.line(row, "solar", "sun", _SUN, fill=True)
        if not plant.site.off_grid:
            canvas.line(row, "grid", "grid", _GRID)
        canvas.line(row, "house", "household", _HOUSE)
        if "battery" in canvas.recorder.series:
            canvas.line(row, "battery", "battery", _BATTERY)

    return draw_power


def _load_chart(device: LoadDevice) -> Callable[[Canvas, int], None]:
    def draw_load(canvas: Canvas, row: int) -> None:
        load, site = device.load, canvas.plant.site
        highest = load.levels[-1] if load.levels else load.maximum
        per_unit = len(load.phases) * site.voltage if load.kind is Kind.EV else 1.0
        most = 1.1 * highest * per_unit
        canvas.reasons(row, load, most)
        canvas.line(row, f"power.{load.id}", "draws", INK)
        canvas.span(row, 0.0, most)

    return draw_load


def _surplus_chart(canvas: Canvas, row: int) -> None:
    canvas.line(row, "surplus", "of the sun", _SUN, fill=True)
    canvas.line(row, "managed", "loads", INK)


def _soc_chart(canvas: Canvas, row: int) -> None:
    if "soc" in canvas.recorder.series:
        canvas.line(row, "soc", "battery", _BATTERY)
    cars = [name for name in canvas.recorder.series if name.startswith("soc.")]
    for index, name in enumerate(cars):
        label = canvas.plant.site.name_of(name.removeprefix("soc."))
        named = len(cars) <= len(_CARS)
        canvas.line(row, name, label, _CARS[index % len(_CARS)], named=named)
    canvas.span(row, 0.0, 102.0)


def _temperature_chart(device: LoadDevice) -> Callable[[Canvas, int], None]:
    def draw_temperature(canvas: Canvas, row: int) -> None:
        name = device.load.id
        canvas.line(row, f"temperature.{name}", "now", RED)
        if device.comfort is not None:
            canvas.band(row, *device.comfort)

    return draw_temperature


def _price_chart(canvas: Canvas, row: int) -> None:
    canvas.line(row, "price", "import", _GRID)


def _cost_chart(canvas: Canvas, row: int) -> None:
    canvas.line(row, "cost", "net", INK)
