"""Changes to the load itself, and to the load that is in its way."""

from collections.abc import Iterator
from dataclasses import replace

from evenload.cli.explain.moment import Change, Moment
from evenload.model.readings import LoadReading, LoadState, Need
from evenload.model.site import Load, Mode

MODES = (Mode.EXCESS, Mode.SOLAR, Mode.ECO, Mode.STANDARD)
"""From the one that waits most to the one that waits least."""

READY = {LoadState.CONNECTED, LoadState.CHARGING, LoadState.ON, LoadState.OFF}


def changes_of_load(moment: Moment, load: Load) -> Iterator[Change]:
    """Yield other settings and readings of the load."""
    reading = moment.readings.loads.get(load.id, LoadReading(state=LoadState.DISCONNECTED))
    yield from _of_reading(moment, load, reading)
    for mode in MODES[MODES.index(load.mode) + 1 if load.mode in MODES else 0 :]:
        yield Change(words=f"mode {mode}", moment=moment.with_load(replace(load, mode=mode)))
    if load.priority > 0:
        first = moment.with_load(replace(load, priority=0))
        yield Change(words="priority 0, first in its mode", moment=first)
    patient = moment.with_load(replace(load, solar_share=0.0, eco_share=0.0))
    yield Change(words="solar_share and eco_share 0", moment=patient)


def _of_reading(moment: Moment, load: Load, reading: LoadReading) -> Iterator[Change]:
    def changed(words: str, other: LoadReading) -> Change:
        return Change(words=words, moment=moment.with_reading(load.id, other))

    if reading.state not in READY:
        ready = replace(reading, state=LoadState.CONNECTED, current=None, power=None)
        yield changed("state connected", ready)
    if reading.ceiling is not None:
        yield changed("no ceiling", replace(reading, ceiling=None))
    if reading.need in {Need.SATISFIED, Need.CAN_STORE}:
        yield changed("need wants", replace(reading, need=Need.WANTS))


def changes_of_other(moment: Moment, other: Load) -> Iterator[Change]:
    """Yield what can be done about another load."""
    off = moment.with_load(replace(other, mode=Mode.OFF))
    yield Change(words=f"{moment.site.name_of(other.id)} off", moment=off)
