"""The names of limits, and of what troubles are about, in words."""

from evenload.model.sentences.templates import LIMITS
from evenload.model.site import Site

GRID = "grid"
UNBALANCE = "unbalance"
ACTIVE = "active"


def limit_name(site: Site, name: str) -> str:
    """Return what people call a limit or source: `main/A` is `main fuse, phase A`.

    A site with one phase leaves the phase out. A load's id, or a name that is not known, gives what
    people call it.
    """
    holder, slash, part = name.partition("/")
    if not slash:
        return LIMITS.get(name, site.name_of(name))
    if holder == UNBALANCE:
        return LIMITS[UNBALANCE].format(first=part[:1], second=part[1:])
    words = LIMITS.get(holder, site.name_of(holder))
    if part == ACTIVE:
        return LIMITS[ACTIVE].format(holder=words)
    return words if len(site.phases) == 1 else LIMITS["phase"].format(holder=words, phase=part)


def meter_name(site: Site, name: str) -> str:
    """Return what people call a meter: `grid/A` is `the grid meter, phase A`.

    `name` is `grid` or the id of a circuit that has a meter, with or without a phase.
    """
    holder, slash, part = name.partition("/")
    meter = LIMITS[GRID] if holder == GRID else LIMITS["meter"].format(holder=site.name_of(holder))
    if not slash or len(site.phases) == 1:
        return meter
    return LIMITS["phase"].format(holder=meter, phase=part)
