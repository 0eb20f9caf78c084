"""A figure of rows that share one time axis, and how a recorded run is drawn into it.

Plotly is spoken to here alone.
"""

# Plotly's functions take anything by keyword and ship no complete types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false, reportArgumentType=false

from collections.abc import Sequence
from datetime import datetime, timedelta
from html import escape
from textwrap import wrap

import numpy as np
from plotly import graph_objects as go
from plotly.subplots import make_subplots

from evenload.model.allocation import Reason
from evenload.model.sentences import sentence
from evenload.model.site import Load
from evenload.simulate.happenings import Happening, Side
from evenload.simulate.record import Stretch
from evenload.simulate.report.reasons import COLOURS, merged
from evenload.simulate.report.sight import Curves, Sight

INK, RED, _GREEN = "#1f2a37", "#c0392b", "#2e9d5b"
_GAP = 62
"""Between two rows, with room for a title [px]."""
_HOVER_WIDTH = 44
"""Characters of a line that is shown beside the pointer."""
_TO_MINUTES, _TO_SECONDS = slice(11, 16), slice(11, 19)
"""The time of day in a moment."""
_SHORT = 600
"""A stretch shorter than this is told to the second [s]."""
_REASONS = tuple(Reason)
LANES = {Side.BROKEN: (RED, "broke"), Side.NOTICED: ("#e8962e", "noticed")}
"""Colour and label of each side of what happened."""
_LEAST_WIDTH = 0.002
"""What is shorter than this share of the run is drawn so wide, to be seen at all."""


class Canvas:
    """A figure being drawn, with the run that is drawn in it."""

    def __init__(
        self,
        plant: Sight,
        recorder: Curves,
        titles: Sequence[str],
        heights: Sequence[int],
        *,
        start: datetime,
    ) -> None:
        """Prepare one row for each title, so high [px]; rows count from 1.

        `start` is the first second by the clock of the house.
        """
        self.plant = plant
        self.recorder = recorder
        self._start = start
        self._titles = list(titles)
        self._height = sum(heights) + len(titles) * _GAP
        self.figure: go.Figure = make_subplots(
            rows=len(titles),
            cols=1,
            shared_xaxes=True,
            row_heights=list(heights),
            vertical_spacing=_GAP / self._height,
            subplot_titles=titles,
        )

    def moment(self, second: int) -> str:
        """Return a second of the run as a time by the house's clock."""
        return (self._start + timedelta(seconds=second)).isoformat()

    def line(
        self,
        row: int,
        name: str,
        label: str,
        colour: str,
        *,
        fill: bool = False,
        named: bool = True,
    ) -> None:
        """Draw one recorded quantity, and put its label into the row's title where it is `named`."""
        values = np.array(self.recorder.series[name].values, dtype=np.float32)
        self.figure.add_scatter(
            x0=self.moment(0),
            dx=self.recorder.bucket * 500,
            y=np.round(values, 2),
            mode="lines",
            line={"color": colour, "width": 0.6 if fill else 1.1},
            fill="tozeroy" if fill else None,
            hovertemplate=f"{escape(label)} %{{y:.1f}}<extra></extra>",
            row=row,
            col=1,
        )
        if not named:
            return
        key = f'<span style="color:{colour}">\u25a0</span> {escape(label)}'
        self._titles[row - 1] += f"  {key}"

    def reasons(self, row: int, load: Load, most: float) -> None:
        """Draw why a load had what it had, as the background of its row, up to `most`."""
        stretches = tuple(merged(self.recorder.stretches[load.id], self.recorder.bucket))
        if not stretches:
            return
        edges = [self.moment(stretch.begin) for stretch in stretches]
        last = len(_REASONS) - 1
        self.figure.add_heatmap(
            x=[*edges, self.moment(stretches[-1].end)],
            y=[0.0, most],
            z=[[_REASONS.index(stretch.decision.reason) for stretch in stretches]],
            text=[[self._sentence(stretch, load) for stretch in stretches]],
            hovertemplate="%{text}<extra></extra>",
            zmin=0,
            zmax=last,
            colorscale=[(index / last, COLOURS[each]) for index, each in enumerate(_REASONS)],
            showscale=False,
            opacity=0.75,
            row=row,
            col=1,
        )

    def lanes(self, row: int, happenings: Sequence[Happening]) -> None:
        """Draw what broke and what was noticed as bars, and what broke behind every row."""
        least = int(self.plant.second * _LEAST_WIDTH)
        for side, (colour, label) in LANES.items():
            shown = [each for each in happenings if each.side is side]
            ends = [self.plant.second if each.end is None else each.end for each in shown]
            lengths = [max(end - each.begin, least) for each, end in zip(shown, ends, strict=True)]
            self.figure.add_bar(
                base=[self.moment(each.begin) for each in shown],
                x=[1000 * length for length in lengths],
                y=[label] * len(shown),
                orientation="h",
                marker={"color": colour, "line": {"width": 0}},
                text=[""] * len(shown),
                hovertext=[self._said(each) for each in shown],
                hovertemplate="%{hovertext}<extra></extra>",
                row=row,
                col=1,
            )
            for each in shown if side is Side.BROKEN else ():
                if each.end is not None and each.end > each.begin:
                    self._shade(each.begin, each.end, colour)
        self.figure.update_yaxes(autorange="reversed", row=row, col=1)

    def _shade(self, begin: int, end: int, colour: str) -> None:
        """Tint a time in every row."""
        self.figure.add_shape(
            type="rect",
            x0=self.moment(begin),
            x1=self.moment(end),
            xref="x",
            y0=0,
            y1=1,
            yref="paper",
            fillcolor=colour,
            opacity=0.08,
            line_width=0,
            layer="below",
        )

    def rating(self, row: int, value: float) -> None:
        """Draw a limit across the row."""
        self.figure.add_hline(y=value, line={"color": RED, "dash": "dash"}, row=row, col=1)

    def band(self, row: int, low: float, high: float) -> None:
        """Shade what is comfortable."""
        self.figure.add_hrect(
            y0=low, y1=high, fillcolor=_GREEN, opacity=0.12, line_width=0, row=row, col=1
        )

    def span(self, row: int, low: float, high: float) -> None:
        """Show the row from one value to another."""
        self.figure.update_yaxes(range=[low, high], row=row, col=1)

    def unit(self, row: int, unit: str) -> None:
        """Say what the row's values are."""
        self.figure.update_yaxes(title_text=unit, row=row, col=1)

    def finish(self) -> str:
        """Return the figure, laid out, as JSON for plotly.js."""
        for annotation, title in zip(self.figure.layout.annotations, self._titles, strict=False):
            annotation.text = title
        self.figure.update_layout(
            height=self._height,
            template="plotly_white",
            margin={"l": 46, "r": 10, "t": 40, "b": 30},
            showlegend=False,
            hovermode="x",
            dragmode="zoom",
            font={"family": "system-ui, sans-serif", "size": 12, "color": INK},
            hoverlabel={"align": "left", "namelength": 0},
        )
        self.figure.update_xaxes(
            type="date", matches="x", showticklabels=True, tickfont={"size": 10}
        )
        self.figure.update_yaxes(fixedrange=True, title_standoff=2, tickfont={"size": 10})
        self.figure.update_annotations(font_size=13, x=0, xanchor="left")
        text = self.figure.to_json()
        return text if text is not None else "{}"

    def _said(self, happening: Happening) -> str:
        """Return what happened, broken into lines that fit a phone."""
        lines = [happening.text, *happening.details]
        return "<br>".join(part for line in lines for part in wrap(escape(line), _HOVER_WIDTH))

    def _sentence(self, stretch: Stretch, load: Load) -> str:
        """Return why a load had what it had, broken into lines that fit a phone."""
        said = sentence(self.plant.site, load.id, stretch.decision)
        shown = _TO_SECONDS if stretch.end - stretch.begin < _SHORT else _TO_MINUTES
        begin, end = (self.moment(second)[shown] for second in (stretch.begin, stretch.end))
        return "<br>".join([f"{begin} to {end}", *wrap(escape(said), _HOVER_WIDTH)])
