"""Serve each load by what it needs: judge the needs, and let the site's modes follow them.

A load that *must* have something is served as one of mode standard, one that can merely store as one of
mode solar: in the engine, in the order of cuts, in patience. So the pass sees a site in which those
modes stand. What a person chose stays in `SitePlan`, for a mode that a need has changed is nobody's
wish: no time off and no budget of starts ends by it. What is satisfied keeps its mode and is told
the engine as that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as replaced

from evenload.controller.change import replace
from evenload.model.need import NO_NEED, NeedNow, effective_mode
from evenload.model.readings import Need
from evenload.model.site import Mode, Site
from evenload.model.snapshot import Snapshot
from evenload.needs import NeedMemory, step_needs


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What loads need in this pass."""

    memories: Mapping[str, NeedMemory] = field(default_factory=dict[str, NeedMemory])
    now: Mapping[str, NeedNow] = field(default_factory=dict[str, NeedNow])
    """Of the loads that need anything by themselves."""
    chosen: Mapping[str, Mode] = field(default_factory=dict[str, Mode])
    """What a person chose, of loads that are served by another mode."""
    asked: Site | None = field(default=None, compare=False, repr=False)
    """The site as the snapshot has it."""
    served: Site | None = field(default=None, compare=False, repr=False)
    """The same with the modes by which loads are served."""

    @property
    def satisfied(self) -> frozenset[str]:
        """The loads that need nothing now."""
        return frozenset(name for name, of in self.now.items() if of.need is Need.SATISFIED)

    def of(self, load: str) -> NeedNow:
        """Return what a load needs."""
        return self.now.get(load, NO_NEED)


NO_NEEDS = Needs()


def judge_needs(before: Needs, snapshot: Snapshot, now: float) -> tuple[Needs, Snapshot]:
    """Return what loads need, and the snapshot with the modes that follow from it."""
    site = snapshot.site
    if not any(treat.has_need for treat in snapshot.settings.loads.values()):
        return NO_NEEDS, snapshot
    memories, needs = step_needs(before.memories, snapshot, now)
    chosen = {
        load.id: load.mode
        for load in site.all_loads
        if load.id in needs and effective_mode(load.mode, needs[load.id].need) is not load.mode
    }
    after = Needs(memories=memories, now=needs, chosen=chosen, asked=site)
    if not chosen:
        return replace(after, served=site), snapshot
    is_same = before.asked is site and _modes(before, site) == _modes(after, site)
    served = before.served if is_same and before.served is not None else _served(site, after)
    return replace(after, served=served), replaced(snapshot, site=served)


def _modes(needs: Needs, site: Site) -> dict[str, Mode]:
    """Return the modes by which loads are served other than chosen."""
    modes = {load.id: load.mode for load in site.all_loads}
    return {name: effective_mode(modes[name], needs.of(name).need) for name in needs.chosen}


def _served(site: Site, needs: Needs) -> Site:
    modes = _modes(needs, site)
    return replaced(
        site,
        chargers=tuple(
            replaced(
                charger,
                plugs=tuple(replaced(p, mode=modes.get(p.id, p.mode)) for p in charger.plugs),
            )
            for charger in site.chargers
        ),
        loads=tuple(replaced(load, mode=modes.get(load.id, load.mode)) for load in site.loads),
    )
