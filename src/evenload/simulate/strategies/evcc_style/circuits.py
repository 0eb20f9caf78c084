"""Load management: what circuits let one load point have at its turn.

A circuit's measured current is the highest of its phases; which phase a load hangs on plays no part.
A circuit without a meter of its own is taken to carry what the load points behind it draw.
"""

from collections.abc import Iterator, Mapping

from evenload.model.site import MAIN, Circuit, Phase, Site
from evenload.model.snapshot import Sample, Snapshot
from evenload.simulate.strategies.evcc_style.load_point import LoadPoint
from evenload.simulate.strategies.places import places_above
from evenload.simulate.strategies.reported import grid_power, value_of

METER_TIMEOUT = 60.0
"""A meter that is silent for longer counts as full [s]."""


def highest_current(
    point: LoadPoint, points: Mapping[str, LoadPoint], snapshot: Snapshot, now: float
) -> float:
    """Return the most that all circuits above let this load point draw [A per leg]."""
    site = snapshot.site
    drawn = point.draw if point.is_charging else 0.0
    lefts = [_left(place, points, snapshot, now) for place in places_above(site, point.load)]
    most = drawn + min(lefts)
    imported = grid_power(snapshot)
    if site.import_limit is not None and imported is not None:
        left = (site.import_limit - imported) / (site.voltage * point.phases)
        most = min(most, drawn + left)
    return most


def _left(place: str, points: Mapping[str, LoadPoint], snapshot: Snapshot, now: float) -> float:
    """Return what a charger, circuit or the main fuse still leaves; negative: overload [A]."""
    site = snapshot.site
    circuit = next((each for each in site.circuits if each.id == place), None)
    if place == MAIN:
        source = snapshot.inverter if site.off_grid else snapshot.grid
        return min(site.fuse.values()) - site.margin - _measured(source, site, now)
    if circuit is not None and place in snapshot.circuits:
        return _rating(circuit, site) - _measured(snapshot.circuits[place], site, now)
    drawn = sum(point.draw for point in points.values() if place in places_above(site, point.load))
    if circuit is not None:
        return _rating(circuit, site) - circuit.reserve - drawn
    return next(each.max_current for each in site.chargers if each.id == place) - drawn


def _rating(circuit: Circuit, site: Site) -> float:
    return min(circuit.fuse.values()) - site.margin


def _measured(source: Mapping[Phase, Sample], site: Site, now: float) -> float:
    """Return the highest phase of a meter [A]; one that is silent or no number counts as full."""
    return max(_phases(source, site, now))


def _phases(source: Mapping[Phase, Sample], site: Site, now: float) -> Iterator[float]:
    for phase in site.phases:
        sample = source.get(phase)
        value = value_of(sample)
        if sample is None or value is None or now - sample.at > METER_TIMEOUT:
            yield float("inf")
        else:
            yield value
