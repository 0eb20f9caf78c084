"""Says in words why things are as they are, for the attributes of the status sensors."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.util import dt as dt_util

from .coordinator import EvenloadCoordinator
from .inspection import flaws_of_load, flaws_of_site


def explain_site(coordinator: EvenloadCoordinator) -> Mapping[str, Any]:
    """Return what is wrong with the site's sources, each by its name."""
    flaws = flaws_of_site(coordinator.hass, coordinator.wiring)
    return {"problems": [str(finding) for finding in flaws]}


def explain_load(coordinator: EvenloadCoordinator, load_id: str) -> Mapping[str, Any]:
    """Return why a load has what it has, until when, and what is wrong with its entities."""
    decision = coordinator.data.loads.get(load_id)
    load = coordinator.wiring.loads[load_id]
    problems = [str(finding) for finding in flaws_of_load(coordinator.hass, load)]
    failure = coordinator.dispatcher.failing.get(load_id)
    if failure is not None:
        problems.append(f"{load.driven}: {failure}")
    if decision is None:
        return {"problems": problems}
    site = coordinator.wiring.site
    return {
        "by": None if decision.by is None else site.name_of(decision.by),
        "until": _wall_time(coordinator, decision.until),
        "problems": problems,
    }


def _wall_time(coordinator: EvenloadCoordinator, at: float | None) -> datetime | None:
    """Return a time on the controller's clock as one of the wall clock, to the second."""
    if at is None:
        return None
    moment = dt_util.utcnow() + timedelta(seconds=at - coordinator.now)
    return (moment + timedelta(seconds=0.5)).replace(microsecond=0)
