"""Says in words why things are as they are, for the attributes of the status sensors.

The sentences are the library's; what entities lack is added with their ids. Durations in sentences
are renewed every few seconds only, so that the recorder has less to write.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from evenload.model.decision import Trouble
from evenload.model.finding import Finding
from evenload.model.sentences import sentence, status_sentence, trouble_sentence
from evenload.ocpp.server.central import troubles_in_words

from .charger_words import load_state_of
from .coordinator import EvenloadCoordinator
from .inspection import entities_of_load, entities_of_site, flaws_of
from .load_wiring import LoadWiring, PlugWiring, StationPlugWiring
from .ocpp_plug import OcppPlugWiring

ATTR_EXPLANATION = "explanation"
ATTR_PROBLEMS = "problems"
ATTR_BY = "by"
ATTR_UNTIL = "until"

RENEWAL = 10.0
"""How often durations in sentences change [s]."""


def explain_site(coordinator: EvenloadCoordinator) -> Mapping[str, Any]:
    """Return how the site is doing, in sentences, with the troubles of its loads."""
    decision, wiring = coordinator.data, coordinator.wiring
    problems = _worded(flaws_of(coordinator.hass, entities_of_site(wiring)))
    troubles = _sentences(coordinator, decision.troubles)
    return {
        ATTR_EXPLANATION: _joined(status_sentence(decision.status), *troubles, *problems),
        ATTR_PROBLEMS: problems,
    }


def explain_load(coordinator: EvenloadCoordinator, load_id: str) -> Mapping[str, Any]:
    """Return why a load has what it has, because of what, until when, and what is wrong with it."""
    decision, wiring = coordinator.data, coordinator.wiring
    load, site = wiring.loads[load_id], wiring.site
    problems = _problems(coordinator, load)
    own = decision.loads.get(load_id)
    if own is None:
        left_alone = f"{site.name_of(load_id)} is not managed and left as it is."
        return {ATTR_EXPLANATION: left_alone, ATTR_PROBLEMS: problems}
    why = sentence(site, load_id, own, now=_renewed(decision.at))
    troubles = _sentences(coordinator, (t for t in decision.troubles if t.about == load_id))
    return {
        ATTR_EXPLANATION: _joined(why, *troubles, *problems),
        ATTR_BY: None if own.by is None else site.name_of(own.by),
        ATTR_UNTIL: _wall_time(coordinator, own.until),
        ATTR_PROBLEMS: problems,
    }


def _problems(coordinator: EvenloadCoordinator, load: LoadWiring) -> list[str]:
    """Return what is wrong with a load's entities, and what they answered to a command."""
    problems = _worded(flaws_of(coordinator.hass, entities_of_load(load)))
    status = (
        coordinator.reports.current(load.status)
        if isinstance(load, PlugWiring | OcppPlugWiring)
        else None
    )
    if status is not None and load_state_of(status.value) is None:
        problems.append(f"The status {status.value!r} is not known; what it draws is looked at.")
    if isinstance(load, StationPlugWiring):
        problems += _station_problems(coordinator, load)
    failure = coordinator.dispatcher.failing.get(load.load.id)
    if failure is not None:
        problems.append(f"{load.driven[0]}: {failure}.")
    return problems


def _station_problems(coordinator: EvenloadCoordinator, load: StationPlugWiring) -> list[str]:
    """Return what is wrong with a charging station, or why it cannot dial in."""
    stations = coordinator.stations
    station = stations.snapshot(load.identity)
    if station is None:
        return [] if stations.problem is None else [f"{stations.problem}."]
    words, plug = troubles_in_words(), station.plugs.get(load.number)
    troubles = dict.fromkeys((*station.troubles, *(() if plug is None else plug.troubles)))
    said = [f"The station {load.identity!r}: {words[trouble]}." for trouble in troubles]
    if plug is not None and plug.error is not None:
        said.append(f"The station {load.identity!r} reports {plug.error}.")
    if not station.connected:
        said.append(f"The station {load.identity!r} is not connected.")
    return said


def _worded(findings: Iterable[Finding]) -> list[str]:
    return [f"{finding}." for finding in findings]


def _sentences(coordinator: EvenloadCoordinator, troubles: Iterable[Trouble]) -> list[str]:
    site, now = coordinator.wiring.site, _renewed(coordinator.data.at)
    return [trouble_sentence(site, trouble, now=max(now, trouble.since)) for trouble in troubles]


def _joined(*sentences: str) -> str:
    """Return sentences as one text; a reason and a trouble may say the same, which is said once."""
    return " ".join(dict.fromkeys(sentences))


def _renewed(now: float) -> float:
    return now // RENEWAL * RENEWAL


def _wall_time(coordinator: EvenloadCoordinator, at: float | None) -> datetime | None:
    """Return a time on the controller's clock as one of the wall clock, to the second."""
    if at is None:
        return None
    moment = dt_util.utcnow() + timedelta(seconds=at - coordinator.now)
    return (moment + timedelta(seconds=0.5)).replace(microsecond=0)
