"""The charts of a report, in one figure so that they zoom together.

From top to bottom: the current of each phase against its fuse, powers, each load on a background
that says why it has what it has, surplus, states of charge, temperatures, cost.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

import numpy as np
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from evenload.model.allocation import Reason
from evenload.model.site import Kind, Load, Phase
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.plant import Plant
from evenload.simulate.record import Recorder, Stretch
from evenload.simulate.report.reasons import COLOURS
from evenload.simulate.settings import TankPart

_ROW_HEIGHT = 210
"""[px]"""
_GAP = 58
"""Between two charts, with room for a title [px]."""
_INK, _SUN, _HOUSE, _GRID, _BATTERY, _FUSE = (
    "#1f2a37",
    "#f0b429",
    "#8795a1",
    "#3b6fb6",
    "#8e44ad",
    "#c0392b",
)
_CLEAR = "rgba(0,0,0,0)"
_REASONS = tuple(Reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One row of the figure."""

    title: str
    unit: str
    draw: Callable[[Canvas, int], None]
    """Adds the traces to the row of this number, from 1."""


class Canvas:
    """A figure being drawn, with what is drawn in it."""

    def __init__(
        self, plant: Plant, recorder: Recorder, say: Callable[[Stretch, str], str]
    ) -> None:
        """`say` puts a stretch of one load's time into a sentence."""
        self.plant = plant
        self.recorder = recorder
        self.say = say
        settings = plant.settings
        midnight = datetime.combine(settings.first_day, time.min)
        self.start = midnight + timedelta(seconds=settings.start_second)
        self.figure = go.Figure()

    def draw(self) -> go.Figure:
        """Return the finished figure."""
        charts = tuple(self._charts())
        height = len(charts) * (_ROW_HEIGHT + _GAP) + _GAP
        self.figure = make_subplots(
            rows=len(charts),
            cols=1,
            shared_xaxes=True,
            vertical_spacing=_GAP / height,
            subplot_titles=[chart.title for chart in charts],
        )
        for row, chart in enumerate(charts, start=1):
            chart.draw(self, row)
            self.figure.update_yaxes(title_text=chart.unit, row=row, col=1)
        self._lay_out(height)
        return self.figure

    def line(self, row: int, name: str, label: str, colour: str, *, fill: bool = False) -> None:
        """Draw one recorded quantity."""
        values = np.array(self.recorder.series[name].values, dtype=np.float32)
        self.figure.add_scatter(
            x0=self.start.isoformat(),
            dx=self.recorder.bucket * 500,
            y=np.round(values, 2),
            name=label,
            mode="lines",
            line={"color": colour, "width": 0.8 if fill else 1.2},
            fill="tozeroy" if fill else None,
            hovertemplate=f"{label} %{{y:.1f}}<extra></extra>",
            row=row,
            col=1,
        )

    def reasons(self, row: int, load: Load, most: float) -> None:
        """Draw why a load has what it has, as the background of its row."""
        stretches = self.recorder.stretches[load.id]
        if not stretches:
            return
        merged = tuple(merge(stretches, self.recorder.bucket))
        edges = [self._moment(stretch.begin) for stretch in merged] + [self._moment(merged[-1].end)]
        scale = [
            (index / (len(_REASONS) - 1), COLOURS[each]) for index, each in enumerate(_REASONS)
        ]
        self.figure.add_heatmap(
            x=edges,
            y=[0.0, most],
            z=[[_REASONS.index(stretch.decision.reason) for stretch in merged]],
            text=[[self.say(stretch, load.id) for stretch in merged]],
            hovertemplate="%{text}<extra></extra>",
            zmin=0,
            zmax=len(_REASONS) - 1,
            colorscale=scale,
            showscale=False,
            opacity=0.75,
            row=row,
            col=1,
        )

    def _moment(self, second: int) -> str:
        return (self.start + timedelta(seconds=second)).isoformat()

    def _charts(self) -> Iterator[Chart]:
        series, site = self.recorder.series, self.plant.site
        for phase in site.phases:
            title = f"Phase {phase} against its {site.fuse[phase]:g} A fuse"
            yield Chart(title=title, unit="A", draw=_phase_chart(phase))
        yield Chart(title="Power", unit="W", draw=_power_chart)
        for device in self.plant.devices:
            title = f"{site.name_of(device.load.id)}: what it drew, and why"
            yield Chart(title=title, unit="W", draw=_load_chart(device))
        if self.plant.settings.solar is not None:
            title = "Surplus of the roof over the household, and what loads drew"
            yield Chart(title=title, unit="W", draw=_surplus_chart)
        if any(name.startswith("soc") for name in series):
            yield Chart(title="State of charge", unit="%", draw=_soc_chart)
        if any(name.startswith("temperature.") for name in series):
            yield Chart(title="Temperature in its comfort band", unit="°C", draw=_temperature_chart)
        yield Chart(title="Cost so far, export deducted", unit="", draw=_cost_chart)

    def _lay_out(self, height: int) -> None:
        self.figure.update_layout(
            height=height,
            template="plotly_white",
            margin={"l": 46, "r": 10, "t": 40, "b": 30},
            showlegend=False,
            hovermode="x",
            dragmode="zoom",
            font={"family": "system-ui, sans-serif", "size": 12, "color": _INK},
            hoverlabel={"align": "left", "namelength": 0},
        )
        self.figure.update_xaxes(
            type="date", matches="x", showticklabels=True, tickfont={"size": 10}
        )
        self.figure.update_yaxes(fixedrange=True, title_standoff=2, tickfont={"size": 10})
        self.figure.update_annotations(font_size=13, x=0, xanchor="left")


def merge(stretches: Sequence[Stretch], shortest: int) -> Iterator[Stretch]:
    """Yield stretches that follow one another without gaps, none shorter than `shortest` [s].

    Shorter ones give their time to the one before: what lasts less than a pixel only makes noise.
    """
    current: Stretch | None = None
    for stretch in stretches:
        if current is None:
            current = Stretch(begin=stretch.begin, decision=stretch.decision, end=stretch.end)
            continue
        if stretch.end - stretch.begin >= shortest:
            yield Stretch(begin=current.begin, decision=current.decision, end=stretch.begin)
            current = stretch
        else:
            current = Stretch(begin=current.begin, decision=current.decision, end=stretch.end)
    if current is not None:
        yield current


def _phase_chart(phase: Phase) -> Callable[[Canvas, int], None]:
    def draw(canvas: Canvas, row: int) -> None:
        canvas.line(row, f"current.{phase}", "all", _GRID)
        canvas.line(row, f"house.{phase}", "without loads", _HOUSE, fill=True)
        rating = canvas.plant.site.fuse[phase]
        canvas.figure.add_hline(y=rating, line={"color": _FUSE, "dash": "dash"}, row=row, col=1)

    return draw


def _power_chart(canvas: Canvas, row: int) -> None:
    if canvas.plant.settings.solar is not None:
        canvas.line(row, "solar", "sun", _SUN, fill=True)
    canvas.line(row, "house", "household", _HOUSE)
    canvas.line(row, "grid", "grid", _GRID)
    if "battery" in canvas.recorder.series:
        canvas.line(row, "battery", "battery", _BATTERY)


def _load_chart(device: LoadDevice) -> Callable[[Canvas, int], None]:
    def draw(canvas: Canvas, row: int) -> None:
        load, site = device.load, canvas.plant.site
        rated = load.maximum * len(load.phases) * site.voltage
        most = rated if load.kind is Kind.EV else load.levels[-1]
        canvas.reasons(row, load, 1.1 * most)
        canvas.line(row, f"power.{load.id}", "draws", _INK)
        canvas.figure.update_yaxes(range=[0.0, 1.1 * most], row=row, col=1)

    return draw


def _surplus_chart(canvas: Canvas, row: int) -> None:
    canvas.line(row, "surplus", "surplus", _SUN, fill=True)
    canvas.line(row, "managed", "loads", _INK)


def _soc_chart(canvas: Canvas, row: int) -> None:
    for name in canvas.recorder.series:
        if name == "soc":
            canvas.line(row, name, "battery", _BATTERY)
        elif name.startswith("soc."):
            canvas.line(row, name, canvas.plant.site.name_of(name.removeprefix("soc.")), _GRID)
    canvas.figure.update_yaxes(range=[0, 102], row=row, col=1)


def _temperature_chart(canvas: Canvas, row: int) -> None:
    for device in canvas.plant.devices:
        part = canvas.plant.settings.devices[device.load.id]
        if isinstance(part, TankPart):
            canvas.figure.add_hrect(
                y0=part.comfort,
                y1=part.thermostat,
                fillcolor="#2e9d5b",
                opacity=0.12,
                line_width=0,
                row=row,
                col=1,
            )
            name = canvas.plant.site.name_of(device.load.id)
            canvas.line(row, f"temperature.{device.load.id}", name, _FUSE)


def _cost_chart(canvas: Canvas, row: int) -> None:
    canvas.line(row, "cost", "cost", _INK)
