"""The page around the charts: what happened in one line, figures, what the colours mean."""

import html
import json
from collections.abc import Iterator, Mapping
from datetime import timedelta
from importlib.resources import files
from string import Template
from typing import cast

from plotly.io import to_json
from plotly.offline import get_plotlyjs

from evenload.model.allocation import Reason
from evenload.simulate.record import Recorder, Stretch
from evenload.simulate.report.figure import Canvas
from evenload.simulate.report.reasons import COLOURS, label
from evenload.simulate.run import Outcome

type Figures = Mapping[str, object]


def page(outcome: Outcome, recorder: Recorder, *, title: str) -> str:
    """Return the whole page as HTML, everything inside."""
    canvas = Canvas(outcome.plant, recorder, say=_say)
    figure = canvas.draw()
    template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
    days = outcome.plant.second // 86400 + 1
    return template.substitute(
        title=html.escape(title),
        verdict=html.escape(verdict(outcome)),
        tone="bad" if outcome.plant.dark else "good",
        cards="".join(_cards(outcome)),
        legend="".join(_legend(recorder)),
        first=json.dumps(canvas.start.date().isoformat()),
        days=days,
        figure=to_json(figure).replace("</", "<\\/"),
        plotly=get_plotlyjs(),
    )


def verdict(outcome: Outcome) -> str:
    """Return in one or two sentences whether the fuse held."""
    fuse = _part(outcome, "fuse")
    tripped = fuse["tripped_at_s"]
    if isinstance(tripped, int):
        start = outcome.plant.settings.start_second
        when = str(timedelta(seconds=start + tripped))
        too = (
            " It would have tripped without managed loads too."
            if fuse["trips_without_loads"]
            else ""
        )
        return f"The main fuse tripped {when} after the first midnight, and stayed off.{too}"
    used = cast("float", fuse["curve_used"])
    margin = (
        "and never came near to tripping"
        if used == 0.0
        else f"and was warmed {used:.0%} of the way from its rating to tripping at most"
    )
    return f"The main fuse held, {margin}."


def _part(outcome: Outcome, name: str) -> Figures:
    return cast("Figures", outcome.result[name])


def _cards(outcome: Outcome) -> Iterator[str]:
    fuse, energy, cost = (_part(outcome, name) for name in ("fuse", "energy", "cost"))
    yield _card("Above the rating", f"{fuse['overload_seconds']} s", "in all, on the busiest phase")
    yield _card(
        "Kept above by loads",
        f"{fuse['longest_overload_by_us_s']} s",
        f"longest; {fuse['allowed_overload_by_us_s']} s is what meter and devices need",
    )
    if energy["self_consumption"] is not None:
        yield _card(
            "Sun", f"{energy['solar_kwh']} kWh", f"{_percent(energy['self_consumption'])} used here"
        )
        yield _card(
            "Surplus",
            f"{energy['surplus_kwh']} kWh",
            f"{_percent(energy['surplus_used'])} into loads",
        )
    yield _card("Grid", f"{energy['import_kwh']} kWh", f"{energy['export_kwh']} kWh exported")
    yield _card("Cost", f"{cost['net']:.2f}", "export deducted")
    for name, load in _part(outcome, "loads").items():
        yield _load_card(outcome.plant.site.name_of(name), cast("Figures", load))


def _load_card(name: str, load: Figures) -> str:
    notes: list[str] = []
    if load["solar_share"] is not None:
        notes.append(f"{_percent(load['solar_share'])} from the sun")
    if "served" in load:
        notes.append(f"{_percent(load['served'])} of what it could take")
    if "coldest" in load:
        notes.append(f"never below {load['coldest']:.0f} °C")
    return _card(name, f"{load['energy_kwh']} kWh", ", ".join(notes))


def _percent(share: object) -> str:
    return f"{share:.0%}" if isinstance(share, float) else "-"


def _card(name: str, figure: str, note: str) -> str:
    return (
        f'<div class="card"><span>{html.escape(name)}</span>'
        f"<b>{html.escape(figure)}</b><small>{html.escape(note)}</small></div>"
    )


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


def _say(stretch: Stretch, load: str) -> str:
    """Return the sentence for a stretch of one load's time."""
    return f"{load}: {label(stretch.decision.reason)}"
