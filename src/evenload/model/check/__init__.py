"""Checks of the nouns themselves, wherever they come from: a site file or Home Assistant.

Each check says all that it finds, with paths as in a site file. They know no file format and
import nothing but the model, so that they are cheap to have.
"""

from evenload.model.check.circuits import check_circuits, check_ids, check_names
from evenload.model.check.control import check_all_settings
from evenload.model.check.loads import check_loads
from evenload.model.check.readings import check_all_readings
from evenload.model.check.site import check_settings_of_site
from evenload.model.control import ControlSettings
from evenload.model.finding import Finding
from evenload.model.readings import Readings
from evenload.model.site import Site

NO_PHASES = Finding(path="site.phases", problem="given none", allowed="at least one of A, B and C")
"""Alone, because without a phase nothing else can be right."""

__all__ = ["check_readings", "check_settings", "check_site"]


def check_site(site: Site) -> tuple[Finding, ...]:
    """Return everything that makes `site` unusable; empty when it is sound."""
    if not site.phases:
        return (NO_PHASES,)
    return (
        *check_settings_of_site(site),
        *check_ids(site),
        *check_names(site),
        *check_circuits(site),
        *check_loads(site),
    )


def check_readings(site: Site, readings: Readings) -> tuple[Finding, ...]:
    """Return everything that makes `readings` unusable for `site`; empty when they are sound."""
    return tuple(check_all_readings(site, readings)) if site.phases else ()


def check_settings(site: Site, settings: ControlSettings) -> tuple[Finding, ...]:
    """Return everything that makes `settings` unusable for `site`; empty when they are sound."""
    return tuple(check_all_settings(site, settings))
