"""The page around the charts: what happened in one line, figures, what the colours mean."""

import html
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from importlib.resources import files
from string import Template

from plotly.offline import get_plotlyjs  # pyright: ignore[reportMissingTypeStubs] - it has none

from evenload.model.allocation import Reason
from evenload.simulate.happenings import Happening, Side
from evenload.simulate.plant import Plant
from evenload.simulate.record import Recorder
from evenload.simulate.report.figure import draw
from evenload.simulate.report.reasons import COLOURS, label
from evenload.simulate.run import Outcome
from evenload.simulate.summary import part, rows, verdict

_MOST = 400
"""Happenings beyond so many are not listed; the charts show them."""
_DAY = 86400
_BESIDE = 900
"""What is shown before and after something that a reader points out [s]."""


def page(outcome: Outcome, recorder: Recorder, *, title: str) -> str:
    """Return the whole page as HTML, everything inside."""
    figure = draw(outcome.plant, recorder)
    template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
    days = outcome.plant.second // _DAY + 1
    return template.substitute(
        title=html.escape(title),
        verdict=html.escape(verdict(outcome)),
        tone="bad" if part(outcome, "fuse")["trips"] else "good",
        cards="".join(_card(*row) for row in rows(outcome)),
        legend="".join(_legend(recorder)),
        happenings=_happenings(outcome.plant, recorder),
        first=json.dumps(outcome.plant.settings.first_day.isoformat()),
        days=days,
        figure=figure.replace("</", "<\\/"),
        plotly=get_plotlyjs(),
    )


def _card(name: str, figure: str, note: str) -> str:
    return (
        f'<div class="card"><span>{html.escape(name)}</span>'
        f"<b>{html.escape(figure)}</b><small>{html.escape(note)}</small></div>"
    )


def _happenings(plant: Plant, recorder: Recorder) -> str:
    """Return the list of what happened; nothing where nothing did."""
    found = recorder.happenings.found
    if not found:
        return ""
    items = "".join(_happening(plant, each) for each in found[:_MOST])
    left = len(found) - _MOST
    more = f"<li>and {left} more, in the charts</li>" if left > 0 else ""
    return f'<h2>What happened</h2><ol class="events">{items}{more}</ol>'


def _happening(plant: Plant, happening: Happening) -> str:
    """Return one line of the list, which zooms the charts to its time."""
    end = plant.second if happening.end is None else happening.end
    begin = _moment(plant, happening.begin)
    days = plant.second >= _DAY
    written = f"{begin:%a %d %b %H:%M:%S}" if days else f"{begin:%H:%M:%S}"
    lasted = ", to the end" if happening.end is None else ""
    if end > happening.begin and happening.end is not None:
        lasted = f", for {timedelta(seconds=end - happening.begin)}"
    around = (happening.begin - _BESIDE, end + _BESIDE)
    zoom = " ".join(f"{_moment(plant, second):%Y-%m-%d %H:%M:%S}" for second in around)
    shown = html.escape(f"{written}{lasted}")
    details = "".join(f"<small>{html.escape(detail)}</small>" for detail in happening.details)
    colour = "broke" if happening.side is Side.BROKEN else "noticed"
    return (
        f'<li class="{colour}"><button data-zoom="{zoom}">{shown}</button>'
        f"<b>{html.escape(happening.side)}</b> {html.escape(happening.text)}{details}</li>"
    )


def _moment(plant: Plant, second: int) -> datetime:
    """Return a second of the run as a time by the house's clock."""
    midnight = datetime.combine(plant.settings.first_day, time.min)
    return midnight + timedelta(seconds=plant.settings.start_second + second)


def _legend(recorder: Recorder) -> Iterator[str]:
    """Yield a chip for each reason that occurs."""
    seen = {
        stretch.decision.reason
        for stretches in recorder.stretches.values()
        for stretch in stretches
    }
    for reason in Reason:
        if reason in seen:
            yield f'<span class="chip"><i style="background:{COLOURS[reason]}"></i>{label(reason)}</span>'
