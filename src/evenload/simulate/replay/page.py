"""A replay as the same self-contained page as a simulated run: what flowed, what loads drew, and why."""

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Template

import numpy as np
from plotly.offline import get_plotlyjs  # pyright: ignore[reportMissingTypeStubs] - it has none

from evenload.model.allocation import Reason
from evenload.model.site import Site
from evenload.simulate import report
from evenload.simulate.record import Stretch
from evenload.simulate.replay.shadow import Shadow
from evenload.simulate.replay.words import LIMITS, load_lines, site_lines, verdict
from evenload.simulate.report.canvas import INK, Canvas
from evenload.simulate.report.reasons import COLOURS, label

_BUCKETS = 8000
"""How many buckets a history is cut into; each gives two points of a curve."""
_ALLOWED, _CURRENT = "#c2185b", "#3b6fb6"
_HEIGHT = 210
"""Of a row [px]."""
_DAY = 86400


@dataclass(frozen=True, slots=True)
class _Curve:
    """The lowest and the highest value of each bucket."""

    values: Sequence[float]


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A replay as a figure draws it."""

    site: Site
    second: int
    bucket: int
    series: Mapping[str, _Curve]
    stretches: Mapping[str, Sequence[Stretch]]


def page(told: Shadow, *, title: str) -> str:
    """Return the whole page as HTML, everything inside."""
    template = Template((files(report) / "page.html").read_text(encoding="utf-8"))
    reasons = {reason for own in told.loads.values() for reason in own.reasons}
    return template.substitute(
        title=escape(title),
        verdict=escape(f"{verdict(told)} {LIMITS}"),
        tone="bad" if told.over_with_loads > 0.0 else "good",
        cards="".join(_cards(told)),
        legend="".join(
            f'<span class="chip"><i style="background:{COLOURS[each]}"></i>{label(each)}</span>'
            for each in Reason
            if each in reasons
        ),
        happenings="",
        first=json.dumps(told.start.date().isoformat()),
        days=int(told.seconds) // _DAY + 1,
        figure=_figure(told).replace("</", "<\\/"),
        plotly=get_plotlyjs(),
    )


def _cards(told: Shadow) -> list[str]:
    lines = list(site_lines(told))
    for name, own in told.loads.items():
        what = told.site.name_of(name)
        (_, drew), *rest = load_lines(own)
        lines.append((what, drew, "; ".join(f"{key} {figure}" for key, figure in rest)))
    return [
        f'<div class="card"><span>{escape(what)}</span><b>{escape(figure)}</b>'
        f"<small>{escape(note)}</small></div>"
        for what, figure, note in lines
    ]


def _figure(told: Shadow) -> str:
    """Return the charts as JSON: each phase against its fuse, each load against what it might have drawn."""
    site = told.site
    titles = [f"Phase {phase}, fuse {site.fuse[phase]:g} A" for phase in site.phases]
    titles += [f"{site.name_of(name)}, and why" for name in told.loads]
    drawn = _drawn(told)
    start = told.start.replace(tzinfo=None)
    canvas = Canvas(drawn, drawn, titles, [_HEIGHT] * len(titles), start=start)
    for row, phase in enumerate(site.phases, start=1):
        canvas.line(row, f"current.{phase}", "as recorded", _CURRENT)
        canvas.rating(row, site.fuse[phase])
        canvas.unit(row, "A")
    for row, (name, own) in enumerate(told.loads.items(), start=len(site.phases) + 1):
        most = max(
            1.0, *drawn.series[f"draws.{name}"].values, *drawn.series[f"allowed.{name}"].values
        )
        canvas.reasons(row, own.load, 1.1 * most)
        canvas.line(row, f"allowed.{name}", "Evenload would allow", _ALLOWED)
        canvas.line(row, f"draws.{name}", "drew", INK)
        canvas.span(row, 0.0, 1.1 * most)
        canvas.unit(row, "W")
    return canvas.finish()


def _drawn(told: Shadow) -> _Drawn:
    """Return curves and stretches over seconds of the history."""
    passes = max(1, -(-told.passes // _BUCKETS))
    bucket = max(1, round(passes * told.interval))
    stretches: dict[str, list[Stretch]] = {}
    for name, changes in told.decisions.items():
        begins = [round(place * told.interval) for place, _ in changes]
        ends = [*begins[1:], round(told.seconds)]
        stretches[name] = [
            Stretch(begin=begin, decision=decision, end=end)
            for begin, end, (_, decision) in zip(begins, ends, changes, strict=True)
        ]
    return _Drawn(
        site=told.site,
        second=round(told.seconds),
        bucket=bucket,
        series={name: _Curve(_extremes(values, passes)) for name, values in told.curves.items()},
        stretches=stretches,
    )


def _extremes(values: array[float], passes: int) -> list[float]:
    """Return the lowest and the highest of every `passes` values; what was not known counts as 0."""
    known = np.nan_to_num(np.array(values, dtype=np.float64))
    rows = np.pad(known, (0, -known.size % passes), mode="edge").reshape(-1, passes)
    return np.column_stack([rows.min(axis=1), rows.max(axis=1)]).ravel().tolist()
