"""The site's own settings: phases, ratings, battery, inverter, dimming."""

from collections.abc import Iterator, Mapping

from evenload.model.check import ranges
from evenload.model.check.places import listed, one_of, out_of_range, under
from evenload.model.finding import Finding
from evenload.model.site import Battery, Dimming, Phase, Site


def check_settings_of_site(site: Site) -> Iterator[Finding]:
    """Yield what is wrong with the keys under `site`."""
    yield from _phases(site)
    yield from out_of_range(site, "site", ranges.SITE)
    yield from _each_phase(site.fuse, site.phases, "site.fuse")
    if site.inverter is not None:
        yield from out_of_range(site.inverter, "site.inverter", ranges.INVERTER)
    if site.battery is not None:
        yield from _battery(site.battery)
    elif site.off_grid:
        yield Finding(
            path="site.battery",
            problem="off the grid without a battery",
            allowed="a battery, or off_grid: false",
        )
    if site.dimming is not None:
        yield from _dimming(site.dimming, site)


def _phases(site: Site) -> Iterator[Finding]:
    for index, phase in enumerate(site.phases):
        if phase in site.phases[:index]:
            yield Finding(
                path=f"site.phases[{index}]", problem=f"{phase} again", allowed="each phase once"
            )


def _each_phase(
    values: Mapping[Phase, float], phases: tuple[Phase, ...], path: str
) -> Iterator[Finding]:
    for phase in phases:
        if phase not in values:
            yield Finding(
                path=under(path, phase), problem="missing", allowed="a value for each phase"
            )
    for phase in values:
        if phase not in phases:
            yield Finding(
                path=under(path, phase),
                problem=f"the site has no phase {phase}",
                allowed=listed(phases),
            )


def _battery(battery: Battery) -> Iterator[Finding]:
    yield from out_of_range(battery, "site.battery", ranges.BATTERY)
    order = (
        ("soc_min", battery.soc_min, "soc_target", battery.soc_target),
        ("soc_target", battery.soc_target, "soc_full", battery.soc_full),
    )
    for lower_key, lower_soc, upper_key, upper_soc in order:
        if lower_soc > upper_soc:
            yield Finding(
                path=f"site.battery.{lower_key}",
                problem=f"given {lower_soc:.12g}, above {upper_key}",
                allowed=f"at most {upper_key}, {upper_soc:.12g} %",
            )


def _dimming(dimming: Dimming, site: Site) -> Iterator[Finding]:
    yield from out_of_range(dimming, "site.dimming", ranges.DIMMING)
    known = [load.id for load in site.all_loads]
    plugs = {charger.id: [plug.id for plug in charger.plugs] for charger in site.chargers}
    for index, load in enumerate(dimming.loads):
        path = f"site.dimming.loads[{index}]"
        if load in plugs:
            yield Finding(
                path=path,
                problem=f"{load!r} is a charger",
                allowed=f"its plugs: {listed(plugs[load])}",
            )
        elif load not in known:
            yield Finding(path=path, problem=f"no load {load!r}", allowed=one_of(load, known))
        elif load in dimming.loads[:index]:
            yield Finding(path=path, problem=f"{load!r} again", allowed="each load once")
