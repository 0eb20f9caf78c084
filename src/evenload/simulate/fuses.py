"""How every fuse of a site fared: the main one, each circuit's, and off the grid the inverter.

A fuse that would have tripped without managed loads, too, is held against nobody; every other trip is
by our loads. Some of them may happen on a phase on which no load that takes commands has drawn for a
minute: loads have emptied the battery, say, which the house without them still has, or a relay sticks.
They count like any other, and are told apart (`trips_unloaded`). How long loads may keep a phase above its rating is what the meter
that sees it and the slowest device in it need: interval, jitter, lag, the device's reaction, and 2 s
for whoever decides. What a device draws that takes no command counts as house for that: the other loads
have to make room for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from evenload.model.site import MAIN, Site
from evenload.simulate.devices.device import LoadDevice
from evenload.simulate.devices.fuse import ThermalImage
from evenload.simulate.overload import DRAWING, OverloadWatch
from evenload.simulate.plant import Plant
from evenload.simulate.settings import Meter

_PATIENCE = 2.0
"""Beyond meter and device, a controller may take this long [s]."""
_NOISE_SPREAD = 3.0
"""Nearly all noise is within so many standard deviations."""


_COOLED = 60
"""After so long nothing to speak of is left of what a load had warmed [s]."""


@dataclass(slots=True)
class WorstOverload:
    """The time above a rating that is hardest to excuse."""

    kept: int = 0
    """How long loads kept the phase above its rating [s]."""
    allowed: float = 0.0
    """What the meter and the slowest of these loads need to end it [s]."""
    at: int = 0
    """The second at which it ended."""
    place: str = MAIN
    """The circuit it was on."""

    @property
    def beyond(self) -> float:
        """How much longer it lasted than it may; negative: shorter [s]."""
        return self.kept - self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Guarded:
    """One circuit's fuse, or the main one, with what flows through it."""

    place: str
    phases: Sequence[int]
    """The site's phases that it has."""
    ratings: Sequence[float]
    """Of each of its phases [A]."""
    currents: Sequence[float]
    """Of each phase of the site, always the present one [A]."""
    managed: Sequence[float]
    """What of it is managed [A]."""
    behind: Sequence[LoadDevice]
    """The loads that draw through it."""
    fast: Sequence[ThermalImage]
    slow: Sequence[ThermalImage]
    without: Sequence[ThermalImage]
    """The fast edge without managed loads."""
    meter: Meter
    """The one that sees it."""
    watches: Sequence[OverloadWatch]
    drawn_at: list[int]
    """When loads that take commands last drew on each of its phases [s]."""

    def is_unloaded(self, second: int) -> bool:
        """Return whether every phase that has tripped by now did so without a load to turn down."""
        return all(
            second - drawn_at > _COOLED
            for image, drawn_at in zip(self.fast, self.drawn_at, strict=True)
            if image.tripped
        )

    def out_of_reach(self, phase: int) -> float:
        """Return what loads draw on a phase of the site that take no command [A]."""
        return sum(
            current
            for device in self.behind
            if not device.is_reachable
            for own, current in zip(device.phases, device.draws, strict=True)
            if own == phase
        )

    def allowed(self, reaction: float) -> float:
        """Return how long loads with this reaction may keep a phase above its rating [s]."""
        return allowed_overload(self.meter, reaction)


def allowed_overload(meter: Meter, reaction: float) -> float:
    """Return how long loads with this reaction may keep a phase above its rating [s]."""
    lag = max(meter.lag, meter.current_lag or 0)
    return round(meter.interval + meter.jitter + lag + reaction + _PATIENCE, 1)


@dataclass(slots=True)
class FuseTally:
    """Everything that is counted about fuses."""

    plant: Plant
    guarded: Sequence[Guarded] = field(init=False)
    worst: WorstOverload = field(default_factory=WorstOverload)
    tripped: dict[str, int] = field(default_factory=dict[str, int])
    """The second at which each place went dark."""
    unloaded: set[str] = field(default_factory=set[str])
    """The places that went dark without a load to turn down on the phase that tripped."""

    def __post_init__(self) -> None:
        """Watch every phase of every fuse."""
        self.guarded = (_main(self.plant), *_circuits(self.plant))

    def add(self) -> None:
        """Take the second that the plant has just lived through."""
        plant = self.plant
        for each in self.guarded:
            dark = plant.dark if each.place == MAIN else plant.circuits[each.place].dark
            if dark and each.place not in self.tripped:
                self._trip(each)
        if plant.dark:
            return
        second, all_well = plant.second, not plant.active_faults
        for each in self.guarded:
            for index, phase in enumerate(each.phases):
                managed = each.managed[phase]
                if not all_well:
                    managed -= each.out_of_reach(phase)
                if managed >= DRAWING:
                    each.drawn_at[index] = second
                kept = each.watches[index].add(each.currents[phase], managed, second)
                if kept > 0:
                    self._judge(each, kept, phase, second)

    def result(self) -> dict[str, object]:
        """Return what became of the fuses, ready for JSON."""
        plant, worst = self.plant, self.worst
        without = self._without_loads()
        slowest = max((device.reaction for device in plant.devices), default=0.0)
        return {
            "trips": len(self.tripped),
            "trips_by_us": sum(place not in without for place in self.tripped),
            "trips_unloaded": sum(
                place in self.unloaded and place not in without for place in self.tripped
            ),
            "tripped_at_s": min(self.tripped.values(), default=None),
            "tripped": self.tripped,
            "dark_reason": plant.dark_reason,
            "trips_without_loads": len(without),
            "overload_seconds": max(
                watch.seconds for each in self.guarded for watch in each.watches
            ),
            "worst_ratio": round(
                max(
                    watch.worst / rating
                    for each in self.guarded
                    for watch, rating in zip(each.watches, each.ratings, strict=True)
                ),
                3,
            ),
            "curve_used": _used([each.fast for each in self.guarded]),
            "curve_used_slow": _used([each.slow for each in self.guarded]),
            "curve_used_without_loads": _used([each.without for each in self.guarded]),
            "longest_overload_by_us_s": worst.kept,
            "longest_overload_by_us_at_s": worst.at,
            "longest_overload_by_us_on": worst.place,
            "allowed_overload_by_us_s": worst.allowed or self.guarded[0].allowed(slowest),
            "overload_by_us_beyond_s": round(max(0.0, worst.beyond), 1),
        }

    def _trip(self, fuse: Guarded) -> None:
        """Take note of a place that has just gone dark."""
        second = self.plant.second
        self.tripped[fuse.place] = second
        by_fuse = fuse.place != MAIN or self.plant.dark_reason == "fuse"
        if by_fuse and fuse.is_unloaded(second):
            self.unloaded.add(fuse.place)

    def _without_loads(self) -> set[str]:
        """Return the places that would have gone dark without managed loads, too."""
        plant = self.plant
        dark = {circuit.id for circuit in plant.circuits.values() if circuit.dark_without_loads}
        return dark | {MAIN} if plant.unmanaged.dark else dark

    def _judge(self, fuse: Guarded, kept: int, phase: int, second: int) -> None:
        """Keep an overload if none before it went further beyond what the devices in it need."""
        slowest = max(
            (device.reaction for device in self.plant.devices if _draws(device, phase)), default=0.0
        )
        allowed = fuse.allowed(slowest)
        if self.worst.kept == 0 or kept - allowed > self.worst.beyond:
            self.worst = WorstOverload(kept=kept, allowed=allowed, at=second, place=fuse.place)


def _draws(device: LoadDevice, phase: int) -> bool:
    return any(
        own == phase and current >= DRAWING
        for own, current in zip(device.phases, device.draws, strict=True)
    )


def _main(plant: Plant) -> Guarded:
    site, connection = plant.site, plant.connection
    ratings = [main_rating(site, index) for index in range(len(site.phases))]
    meter = plant.settings.meter
    return Guarded(
        place=MAIN,
        phases=range(len(site.phases)),
        ratings=ratings,
        currents=connection.currents,
        managed=plant.managed_currents,
        behind=plant.devices,
        fast=connection.fast,
        slow=connection.slow,
        without=plant.unmanaged.fast,
        meter=meter,
        watches=_watches(ratings, meter),
        drawn_at=[-_COOLED] * len(ratings),
    )


def main_rating(site: Site, index: int) -> float:
    """Return the fuse's rating, off the grid what the inverter gives where that is less [A]."""
    rating = site.fuse[site.phases[index]]
    if site.off_grid and site.inverter is not None:
        return min(rating, site.inverter.max_power_per_phase / site.voltage)
    return rating


def _circuits(plant: Plant) -> list[Guarded]:
    found: list[Guarded] = []
    for circuit in plant.circuits.values():
        part = plant.settings.circuits.get(circuit.id)
        own = None if part is None else part.meter
        meter = plant.settings.meter if own is None else own
        found.append(
            Guarded(
                place=circuit.id,
                phases=circuit.phases,
                ratings=circuit.ratings,
                currents=circuit.currents,
                managed=circuit.managed,
                behind=_behind(plant, circuit.id),
                fast=circuit.fast,
                slow=circuit.slow,
                without=circuit.unmanaged,
                meter=meter,
                watches=_watches(circuit.ratings, meter),
                drawn_at=[-_COOLED] * len(circuit.ratings),
            )
        )
    return found


def _behind(plant: Plant, place: str) -> list[LoadDevice]:
    """Return the loads on a circuit, on those below it, and on the chargers there."""
    site = plant.site
    parents = {circuit.id: circuit.parent for circuit in site.circuits}
    parents |= {charger.id: charger.circuit for charger in site.chargers}
    found: list[LoadDevice] = []
    for device in plant.devices:
        at = device.load.circuit
        while at not in (place, MAIN):
            at = parents[at]
        if at == place:
            found.append(device)
    return found


def _watches(ratings: Sequence[float], meter: Meter) -> list[OverloadWatch]:
    unseen = meter.resolution / 2.0 + _NOISE_SPREAD * meter.noise
    return [OverloadWatch(rating, unseen=unseen) for rating in ratings]


def _used(images: Sequence[Sequence[ThermalImage]]) -> float:
    """Return the most of a curve that any of these used, 0 to 1."""
    return round(max(image.used for fuse in images for image in fuse), 3)
