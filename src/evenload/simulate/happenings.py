"""What happened in a run, in words: what broke, and what the controller noticed and did about it.

Both sides stand beside each other, so that anyone can see how long it took to notice. What was broken
comes from the plant, which nobody in the house can see; what was noticed is the controller's own.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evenload.model.allocation import Reason
from evenload.model.decision import Decision, SiteStatus, Trouble, TroubleCode
from evenload.model.sentences import sentence, status_sentence, trouble_sentence
from evenload.model.site import MAIN, Phase, Site
from evenload.simulate.plant import Plant
from evenload.simulate.settings import FaultKind, Meter

_PAUSE = 120
"""What comes back within this time has not ended [s]."""
_SETTLED = 60
"""Every run begins by waiting for its meter; later than this it is worth telling [s]."""

FAULTS: Mapping[FaultKind, str] = {
    FaultKind.METER_SILENT: "{Meter} reports nothing.",
    FaultKind.METER_FROZEN: "{Meter} goes on reporting what it last measured.",
    FaultKind.METER_NAN: "{Meter} reports what is no number.",
    FaultKind.METER_GLITCH: "{Meter} reports milliamperes as amperes.",
    FaultKind.METER_DROPOUT: "{Meter} loses every other report.",
    FaultKind.CHARGER_DEAF: "{Charger} reports, and ignores every command.",
    FaultKind.CHARGER_OFFLINE: "{Charger} cannot be reached, and keeps the limit it has.",
    FaultKind.CHARGER_REBOOT: "{Charger} restarts and forgets its limit.",
    FaultKind.CHARGER_ROUNDING: "{Charger} rounds limits up.",
    FaultKind.RELAY_STUCK: "{Relay} switches no more.",
    FaultKind.RELAY_OFFLINE: "{Relay} cannot be reached, and stays as it is.",
    FaultKind.BATTERY_SILENT: "The battery reports nothing.",
    FaultKind.HOME_ASSISTANT_GONE: "Home Assistant is gone: nobody decides.",
    FaultKind.CLOCK_STEP: "The house's clock is wrong.",
}
"""What broke; braces name the device."""

_TOLD = frozenset((Reason.FAILSAFE, Reason.UNRESPONSIVE, Reason.ADOPTED))
"""Reasons that say what a trouble meant for a load, even one that has nothing."""


class Side(StrEnum):
    """Who knows of it."""

    BROKEN = "broke"
    """What is wrong with the house, whether or not anyone can see it."""
    NOTICED = "noticed"
    """What the controller saw and did."""


@dataclass(slots=True, kw_only=True)
class Happening:
    """Something that lasted for a while."""

    side: Side
    begin: int
    """[s of the run]"""
    text: str
    details: tuple[str, ...] = ()
    """What it meant for loads."""
    end: int | None = None
    """[s of the run]; None: it lasts."""


class Happenings:
    """Follows what breaks, what is noticed, and when it is over."""

    def __init__(self, plant: Plant) -> None:
        """Begin with what is wrong from the start."""
        self.found: list[Happening] = [
            Happening(side=Side.BROKEN, begin=0, text=text)
            for text in _mounted(plant.settings.meter)
        ]
        """In order of their beginning."""
        self._open: dict[object, Happening] = {}
        self._ended: dict[object, Happening] = {}
        self._faults: set[tuple[FaultKind, str | None]] = set()
        self._troubles: frozenset[object] = frozenset()
        self._dark = False

    def add(self, plant: Plant, decision: Decision | None) -> None:
        """Take the second that the plant has just lived through; `decision` where it is a new one."""
        if plant.active_faults != self._faults:
            self._change(self._faults, plant)
            self._faults = set(plant.active_faults)
        if plant.dark and not self._dark:
            self._dark = True
            self._begin(
                "dark", Side.BROKEN, plant.second, "The main fuse trips; the house is dark."
            )
            self._end("dark", plant.second)
        if decision is not None and not self._dark:
            self._notice(plant, decision)

    def _change(self, before: set[tuple[FaultKind, str | None]], plant: Plant) -> None:
        """Begin and end what is broken."""
        now = plant.active_faults
        for key in before - now:
            self._end(key, plant.second)
        for kind, load in sorted(now, key=str):
            if (kind, load) not in before:
                self._begin(
                    (kind, load), Side.BROKEN, plant.second, fault_words(plant.site, kind, load)
                )

    def _notice(self, plant: Plant, decision: Decision) -> None:
        """Begin and end what the controller tells of."""
        told: dict[object, Trouble | SiteStatus] = {
            (trouble.code, trouble.about): trouble for trouble in decision.troubles
        }
        failsafe = decision.status is SiteStatus.FAILSAFE
        waits = decision.status is SiteStatus.WAITING_FOR_METER and plant.second > _SETTLED
        if failsafe or waits:
            told[decision.status] = decision.status
        if not told and not self._troubles:
            return
        for key in self._troubles - told.keys():
            ended = self._end(key, plant.second)
            if key is SiteStatus.WAITING_FOR_METER:
                # Only now is it known what goes on and what does not.
                ended.details = tuple(_meant(plant.site, decision, key))
        for key, what in told.items():
            if key not in self._troubles:
                text = (
                    status_sentence(what)
                    if isinstance(what, SiteStatus)
                    else trouble_sentence(plant.site, what)
                )
                waits = what is SiteStatus.WAITING_FOR_METER
                details = () if waits else tuple(_meant(plant.site, decision, what))
                self._begin(key, Side.NOTICED, plant.second, text, details)
        self._troubles = frozenset(told)

    def _begin(
        self, key: object, side: Side, second: int, text: str, details: tuple[str, ...] = ()
    ) -> None:
        last = self._ended.get(key)
        if last is not None and last.end is not None and second - last.end <= _PAUSE:
            last.end = None
            self._open[key] = last
            return
        happening = Happening(side=side, begin=second, text=text, details=details)
        self._open[key] = happening
        self.found.append(happening)

    def _end(self, key: object, second: int) -> Happening:
        ended = self._open.pop(key)
        ended.end = second
        self._ended[key] = ended
        return ended


def fault_words(site: Site, kind: FaultKind, about: str | None) -> str:
    """Return in words what broke; `about` is the load, charger or circuit, None: every one."""
    name = MAIN if about is None else site.name_of(about)
    meter = "The grid meter" if about is None else f"The meter of {name}"
    charger = "Every charger" if about is None else f"The charger of {name}"
    relay = "Every relay" if about is None else f"The relay of {name}"
    return FAULTS[kind].format(Meter=meter, Charger=charger, Relay=relay)


def _mounted(meter: Meter) -> Iterator[str]:
    """Yield what is wrong with the way the meter is wired."""
    for phase in meter.reversed:
        yield f"The current transformer of phase {phase} is mounted backwards: import reads as export."
    for phase, name in meter.phase_swap.items():
        if phase is not name:
            yield f"The meter reports phase {Phase(phase)} as phase {Phase(name)}."


def _meant(site: Site, decision: Decision, what: Trouble | SiteStatus) -> Iterator[str]:
    """Yield what it means for loads: for the one a trouble is about, else for all it changes."""
    about = what.about if isinstance(what, Trouble) else None
    if isinstance(what, Trouble) and what.code is not TroubleCode.DEVICE_DISOBEYS:
        return
    for name, load in decision.loads.items():
        concerned = load.reason in _TOLD or load.setpoint > 0.0
        if concerned and about in (None, name):
            yield sentence(site, name, load, now=decision.at)
