"""Changes to the limits on a load's way: charger, circuits, main fuse, and the site's own."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from evenload.cli.explain.moment import Change, Moment, SizedChange, amperes_more, watts_more
from evenload.model.sentences import limit_name
from evenload.model.sentences.amounts import current, power
from evenload.model.site import MAIN, Charger, Circuit, Inverter, Load, Phase, Site


def changes_of_limits(moment: Moment, load: Load) -> Iterator[Change | SizedChange]:
    """Yield each limit on the load's way, raised alone."""
    phases = moment.phases_of(load)
    holder = load.circuit
    chargers = {charger.id: charger for charger in moment.site.chargers}
    if holder in chargers:
        yield from _of_charger(moment, chargers[holder])
        holder = chargers[holder].circuit
    circuits = {circuit.id: circuit for circuit in moment.site.circuits}
    while holder in circuits:
        yield _of_circuit(moment, circuits[holder], phases)
        holder = circuits[holder].parent
    yield _of_main_fuse(moment, phases)
    yield from _of_site(moment)


def everything_raised(moment: Moment) -> SizedChange:
    """Return all limits of the site raised at once."""
    return amperes_more(
        lambda size: f"{current(size)} more on every limit",
        lambda size: moment.with_site(_site_raised(moment.site, size)),
    )


def _site_raised(site: Site, size: float) -> Site:
    watts = size * site.voltage * len(site.phases)
    dimming, inverter = site.dimming, site.inverter
    return replace(
        site,
        fuse=_raised(site.fuse, site.phases, size),
        import_limit=_more(site.import_limit, watts),
        unbalance_limit=_more(site.unbalance_limit, size),
        dimming=None if dimming is None else replace(dimming, limit=dimming.limit + watts),
        inverter=None if inverter is None else _stronger(inverter, watts),
        circuits=tuple(
            replace(circuit, fuse=_raised(circuit.fuse, site.phases, size))
            for circuit in site.circuits
        ),
        chargers=tuple(
            replace(charger, max_current=charger.max_current + size, max_active=None)
            for charger in site.chargers
        ),
    )


def _raised(
    fuse: Mapping[Phase, float], phases: Iterable[Phase], size: float
) -> dict[Phase, float]:
    raised = set(phases)
    return {phase: rating + (size if phase in raised else 0.0) for phase, rating in fuse.items()}


def _more(limit: float | None, size: float) -> float | None:
    return None if limit is None else limit + size


def _stronger(inverter: Inverter, size: float) -> Inverter:
    return replace(
        inverter,
        max_power=inverter.max_power + size,
        max_power_per_phase=inverter.max_power_per_phase + size,
    )


def _of_charger(moment: Moment, charger: Charger) -> Iterator[Change | SizedChange]:
    def with_charger(changed: Charger) -> Moment:
        chargers = (changed if each.id == changed.id else each for each in moment.site.chargers)
        return moment.with_site(replace(moment.site, chargers=tuple(chargers)))

    name = moment.site.name_of(charger.id)
    yield amperes_more(
        lambda size: f"{current(size)} more at {name}",
        lambda size: with_charger(replace(charger, max_current=charger.max_current + size)),
    )
    if charger.max_active is not None:
        more = replace(charger, max_active=charger.max_active + 1)
        yield Change(words=f"one plug more at once at {name}", moment=with_charger(more))


def _of_circuit(moment: Moment, circuit: Circuit, phases: tuple[Phase, ...]) -> SizedChange:
    def applied(size: float) -> Moment:
        raised = replace(circuit, fuse=_raised(circuit.fuse, phases, size))
        circuits = (raised if each.id == circuit.id else each for each in moment.site.circuits)
        return moment.with_site(replace(moment.site, circuits=tuple(circuits)))

    where = _where(moment.site, circuit.id, phases)
    return amperes_more(lambda size: f"{current(size)} more at {where}", applied)


def _of_main_fuse(moment: Moment, phases: tuple[Phase, ...]) -> SizedChange:
    site = moment.site
    where = _where(site, MAIN, phases)
    return amperes_more(
        lambda size: f"{current(size)} more at the {where}",
        lambda size: moment.with_site(replace(site, fuse=_raised(site.fuse, phases, size))),
    )


def _where(site: Site, holder: str, phases: tuple[Phase, ...]) -> str:
    if len(site.phases) == 1:
        return limit_name(site, holder)
    plural = "s" if len(phases) > 1 else ""
    return f"{limit_name(site, holder)}, phase{plural} {', '.join(phases)}"


def _of_site(moment: Moment) -> Iterator[SizedChange]:
    site = moment.site
    import_limit, dimming = site.import_limit, site.dimming
    inverter, unbalance_limit = site.inverter, site.unbalance_limit
    if import_limit is not None and not site.off_grid:
        yield watts_more(
            lambda size: f"{power(size)} more under the import limit",
            lambda size: moment.with_site(replace(site, import_limit=import_limit + size)),
        )
    if dimming is not None and not site.off_grid:
        yield watts_more(
            lambda size: f"{power(size)} more under the grid operator's limit",
            lambda size: moment.with_site(
                replace(site, dimming=replace(dimming, limit=dimming.limit + size))
            ),
        )
    if inverter is not None and site.off_grid:
        yield watts_more(
            lambda size: f"{power(size)} more from the inverter, on each phase too",
            lambda size: moment.with_site(replace(site, inverter=_stronger(inverter, size))),
        )
    if unbalance_limit is not None:
        yield amperes_more(
            lambda size: f"{current(size)} more difference allowed between phases",
            lambda size: moment.with_site(replace(site, unbalance_limit=unbalance_limit + size)),
        )
