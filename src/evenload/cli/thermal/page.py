"""The page of a fit: measured against foretold, what errs, and what it was fed with, in one file."""

# Plotly's functions take anything by keyword and ship no complete types.
# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false, reportArgumentType=false

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from html import escape
from importlib.resources import files
from string import Template

from plotly.offline import get_plotlyjs
from plotly.subplots import make_subplots

from evenload.cli.thermal.words import days_of, figure, horizon, label
from evenload.thermal import Assessment, ThermalKind, ThermalMemory, Traced, retrace

_INK, _RED, _BLUE, _SUN, _GREY = "#1f2a37", "#c0392b", "#3b6fb6", "#f0b429", "#9aa7b4"
_HEIGHT, _TALL = 150, 320
"""Of a row, and of the first [px]."""


def page(memory: ThermalMemory, told: Assessment, *, title: str) -> str:
    """Return the whole page as HTML, everything inside."""
    template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title),
        verdict=escape(told.sentence),
        tone="good" if told.is_usable else "bad",
        about=escape(f"{days_of(memory):.1f} days were learnt from; model {told.structure}."),
        cards="".join(_cards(told)),
        scores="".join(_scores(told)),
        figure=_figure(memory, tuple(retrace(memory))).replace("</", "<\\/"),
        plotly=get_plotlyjs(),
    )


def _cards(told: Assessment) -> list[str]:
    return [
        f'<div class="card"><span>{escape(label(each.name).strip())}</span>'
        f"<b>{figure(each.value)} {escape(each.unit)}</b><small>± {figure(each.deviation)}</small></div>"
        for each in told.parameters
    ]


def _scores(told: Assessment) -> list[str]:
    return [
        f"<tr><td>{horizon(ahead)}</td><td>{score.model:.2f} K</td>"
        f"<td>{score.persistence:.2f} K</td><td>{score.count}</td></tr>"
        for ahead, score in told.errors.items()
    ]


def _figure(memory: ThermalMemory, traced: Sequence[Traced]) -> str:
    """Return the charts as JSON."""
    rows: list[tuple[str, str, int]] = [
        ("Temperature [°C]: measured, and foretold at the midnight before", "°C", _TALL),
        ("What that erred by [K]", "K", _HEIGHT),
        ("Heat [W]", "W", _HEIGHT),
        ("Around it [°C]", "°C", _HEIGHT),
    ]
    has_sun = memory.settings.kind is ThermalKind.ROOM and memory.settings.is_sun_measured
    if has_sun:
        rows.append(("Sun, share of its peak", "", _HEIGHT))
    drawn = make_subplots(
        rows=len(rows),
        cols=1,
        shared_xaxes=True,
        row_heights=[height for *_, height in rows],
        vertical_spacing=0.05,
        subplot_titles=[title for title, *_ in rows],
    )
    times = [datetime.fromtimestamp(each.at, UTC).strftime("%Y-%m-%d %H:%M") for each in traced]

    def draw(row: int, name: str, colour: str, value: Callable[[Traced], float | None]) -> None:
        values = [None if (own := value(each)) is None else round(own, 2) for each in traced]
        drawn.add_scatter(
            x=times,
            y=values,
            name=name,
            mode="lines",
            line={"color": colour, "width": 1.4},
            showlegend=row == 1,
            hovertemplate=f"{name} %{{y}} {rows[row - 1][1]}<extra></extra>",
            row=row,
            col=1,
        )

    draw(1, "measured", _INK, lambda each: each.measured)
    draw(1, "foretold", _RED, lambda each: each.foretold)
    draw(2, "error", _RED, _error)
    draw(3, "heat", _BLUE, lambda each: each.inputs and each.inputs[0])
    draw(4, "around", _GREY, lambda each: each.inputs and each.inputs[1])
    if has_sun:
        draw(5, "sun", _SUN, lambda each: each.inputs and each.inputs[2])
    drawn.update_layout(
        height=sum(height for *_, height in rows) + 60 * len(rows),
        margin={"l": 48, "r": 12, "t": 40, "b": 30},
        hovermode="x",
        template="plotly_white",
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1.0, "yanchor": "bottom"},
    )
    return str(drawn.to_json())


def _error(each: Traced) -> float | None:
    if each.measured is None or each.foretold is None:
        return None
    return each.measured - each.foretold
