"""The page around the charts: what happened in one line, figures, what the colours mean."""

import html
import json
from collections.abc import Iterator
from importlib.resources import files
from string import Template

from plotly.offline import get_plotlyjs  # pyright: ignore[reportMissingTypeStubs] - it has none

from evenload.model.allocation import Reason
from evenload.simulate.record import Recorder
from evenload.simulate.report.figure import draw
from evenload.simulate.report.reasons import COLOURS, label
from evenload.simulate.run import Outcome
from evenload.simulate.summary import rows, verdict


def page(outcome: Outcome, recorder: Recorder, *, title: str) -> str:
    """Return the whole page as HTML, everything inside."""
    figure = draw(outcome.plant, recorder)
    template = Template((files(__package__) / "page.html").read_text(encoding="utf-8"))
    days = outcome.plant.second // 86400 + 1
    return template.substitute(
        title=html.escape(title),
        verdict=html.escape(verdict(outcome)),
        tone="bad" if outcome.plant.dark else "good",
        cards="".join(_card(*row) for row in rows(outcome)),
        legend="".join(_legend(recorder)),
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
