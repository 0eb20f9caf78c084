"""Changes to the sun, and to the site's settings that are no limits."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from evenload.cli.explain.moment import Change, Moment, SizedChange, watts_more
from evenload.model.sentences.amounts import power
from evenload.model.site import Distribution, Load, Phase, Site


def change_of_sun(moment: Moment, load: Load) -> SizedChange:
    """Return more surplus on the load's own phases, from the sun or because the house takes less."""
    phases = moment.phases_of(load)

    def applied(size: float) -> Moment:
        readings = moment.readings
        volts = [readings.voltage.get(phase, moment.site.voltage) for phase in phases]
        less = dict.fromkeys(phases, size / sum(volts))
        if not moment.site.off_grid:
            return replace(moment, readings=replace(readings, grid=_less(readings.grid, less)))
        battery = readings.battery
        return replace(
            moment,
            readings=replace(
                readings,
                inverter=None if readings.inverter is None else _less(readings.inverter, less),
                battery=None if battery is None else replace(battery, power=battery.power - size),
            ),
        )

    return watts_more(lambda size: f"{power(size)} more sun, or less used in the house", applied)


def _less(currents: Mapping[Phase, float], less: Mapping[Phase, float]) -> dict[Phase, float]:
    return {phase: current - less.get(phase, 0.0) for phase, current in currents.items()}


def changes_of_site(moment: Moment, load: Load) -> Iterator[Change]:
    """Yield other settings of the site, each alone."""
    for words, site in _other_sites(moment.site, load):
        yield Change(words=words, moment=moment.with_site(site))


def _other_sites(site: Site, load: Load) -> Iterator[tuple[str, Site]]:
    if not site.grid_import_allowed:
        yield "grid import allowed", replace(site, grid_import_allowed=True)
    if not site.phase_netting and not site.off_grid:
        yield "export on one phase paying for another", replace(site, phase_netting=True)
    if site.excess_threshold > 0:
        yield "no excess threshold", replace(site, excess_threshold=0.0)
    if site.distribution is Distribution.STRICT:
        yield "distribution priority", replace(site, distribution=Distribution.PRIORITY)
    if site.battery is not None and site.battery.priority <= load.priority:
        later = replace(site.battery, priority=load.priority + 1)
        yield f"battery priority {later.priority}, after it", replace(site, battery=later)
