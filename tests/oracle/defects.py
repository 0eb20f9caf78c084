"""Defects an engine could have, each as a replacement in its source: the oracle must find them all.

A defect names the text it replaces. When that text is not in the engine any more, the defect is
no defect, and its test says so instead of passing.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import evenload.engine
from evenload.model.allocation import Allocations
from evenload.model.readings import Readings
from evenload.model.site import Site

PACKAGE = evenload.engine.__name__
SOURCE = Path(evenload.engine.__file__).parent

type Allocate = Callable[[Site, Readings], Allocations]


@dataclass(frozen=True, slots=True, kw_only=True)
class Defect:
    """One mistake in one module of the engine."""

    what: str
    """What is wrong with it, in one line."""
    module: str
    old: str
    new: str

    @property
    def times(self) -> int:
        """How often the text it replaces is in the engine; a defect needs exactly one."""
        return (SOURCE / f"{self.module}.py").read_text(encoding="utf-8").count(self.old)


def engine_with(defect: Defect, folder: Path, package: str) -> Allocate:
    """Return the `allocate` of a copy of the engine with a defect.

    The copy is written as `package` into `folder`, which must be on the import path.
    """
    copy = folder / package
    copy.mkdir()
    for path in SOURCE.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        if path.stem == defect.module:
            text = text.replace(defect.old, defect.new)
        (copy / path.name).write_text(text.replace(PACKAGE, package), encoding="utf-8")
    importlib.invalidate_caches()
    return importlib.import_module(package).allocate


DEFECTS = (
    Defect(
        what="an export is headroom of the main fuse without bound",
        module="bases",
        old="max(-prepared.cloud_headrooms[phase], source[phase] - flows.taken_out[phase])",
        new="(source[phase] - flows.taken_out[phase])",
    ),
    Defect(
        what="the main fuse keeps nothing for loads that do not obey",
        module="bases",
        old="source[phase] - flows.taken_out[phase])\n        + flows.reserved[phase]",
        new="source[phase] - flows.taken_out[phase])",
    ),
    Defect(
        what="a circuit whose meter reads less than its loads draw has a base below 0",
        module="bases",
        old="max(0.0, meter[prepared.phases[phase]] - taken_out[row])",
        new="meter[prepared.phases[phase]] - taken_out[row]",
    ),
    Defect(
        what="the reserve of a circuit without a meter is forgotten",
        module="bases",
        old="bases[row] += visible + reserved[row]",
        new="bases[row] = visible + reserved[row]",
    ),
    Defect(
        what="what a circuit draws is not counted in the circuit above it",
        module="bases",
        old="seen[row + offset] += visible",
        new="seen[row + offset] += 0.0",
    ),
    Defect(
        what="the battery helps as soon as it is at its target",
        module="battery",
        old="soc < threshold + ZONE_WIDTH",
        new="soc < threshold",
    ),
    Defect(
        what="a battery exactly at its target counts as below it",
        module="battery",
        old="if soc < threshold:",
        new="if soc <= threshold:",
    ),
    Defect(
        what="the battery keeps back its nominal power, whatever it would take",
        module="battery",
        old="battery.max_charge if reading.accepts is None else reading.accepts",
        new="battery.max_charge",
    ),
    Defect(
        what="the battery's help is not bounded by its inverter",
        module="battery",
        old="min(battery.max_discharge, spare)",
        new="battery.max_discharge",
    ),
    Defect(
        what="a battery that does not follow is counted on",
        module="battery",
        old="if not reading.responds:",
        new="if reading.soc < 0.0:",
    ),
    Defect(
        what="what a load was granted itself is taken off its own pool",
        module="ceilings",
        old="return claim.current + (power[account]",
        new="return (power[account]",
    ),
    Defect(
        what="what other loads were granted is still there for the next",
        module="ceilings",
        old="claim.current + (power[account] + extra - granted[account]) / watts",
        new="claim.current + (power[account] + extra) / watts",
    ),
    Defect(
        what="an excess load runs with nothing beyond the threshold",
        module="ceilings",
        old="self._carried(claim, claim.pool.gate, extra) > TOLERANCE",
        new="self._carried(claim, claim.pool.gate, extra) > -TOLERANCE",
    ),
    Defect(
        what="what can only store is served by its mode",
        module="claims",
        old="return Tier.STANDARD if need is Need.MUST else max(tier, Tier.SOLAR)",
        new="return Tier.STANDARD if need is Need.MUST else tier",
    ),
    Defect(
        what="a suspended load is given more than its minimum",
        module="claims",
        old="return levels.up_to(levels.lowest) if",
        new="return levels.up_to(levels.top) if",
    ),
    Defect(
        what="a solar share said with the readings is ignored",
        module="claims",
        old="return load.solar_share if reading.solar_share is None else reading.solar_share",
        new="return load.solar_share",
    ),
    Defect(
        what="what a load that is off draws is taken out of the base",
        module="flows",
        old="frozenset((Reason.OFF, Reason.NOT_CONNECTED, Reason.FAULTED))",
        new="frozenset((Reason.NOT_CONNECTED, Reason.FAULTED))",
    ),
    Defect(
        what="the priority number counts before the mode",
        module="claims",
        old="tier * len(site.loads) + site.ranks[prepared.position]",
        new="tier + len(site.loads) * site.ranks[prepared.position]",
    ),
    Defect(
        what="a sequential charger serves its plugs at once",
        module="claims",
        old="claim.waits_for = tuple(plugs)",
        new="claim.waits_for = ()",
    ),
    Defect(
        what="a load that waits for the sun ends a strict round",
        module="distribution",
        old="if claim.current < allowed - TOLERANCE:",
        new="if claim.current < claim.top - TOLERANCE:",
    ),
    Defect(
        what="under shared only equal numbers fill together",
        module="distribution",
        old="_serve_by_tier(claims, ledger, _tiers_of)",
        new="_serve_by_tier(claims, ledger, _groups_of)",
    ),
    Defect(
        what="eco minimums wait until standard is full",
        module="distribution",
        old="((Tier.STANDARD, Tier.ECO), (Tier.SOLAR,), (Tier.EXCESS,))",
        new="((Tier.STANDARD,), (Tier.ECO,), (Tier.SOLAR,), (Tier.EXCESS,))",
    ),
    Defect(
        what="excess minimums are given before solar loads are full",
        module="distribution",
        old="((Tier.STANDARD, Tier.ECO), (Tier.SOLAR,), (Tier.EXCESS,))",
        new="((Tier.STANDARD, Tier.ECO), (Tier.SOLAR, Tier.EXCESS))",
    ),
    Defect(
        what="a switch in eco has its power reserved like a minimum",
        module="distribution",
        old="if claim.is_eco_switch or (claim.waits_for and not claim.is_ready):",
        new="if claim.waits_for and not claim.is_ready:",
    ),
    Defect(
        what="steps are counted from the minimum",
        module="levels",
        old="steps = math.floor((level + TOLERANCE) / self.step) + 1\n        return min(steps * self.step, self.top)",
        new="return min(level + self.step, self.top)",
    ),
    Defect(
        what="a ceiling below the minimum gives the minimum",
        module="levels",
        old="if ceiling < self.lowest - TOLERANCE:\n            return None",
        new="ceiling = max(ceiling, self.lowest)",
    ),
    Defect(
        what="the margin is taken off a charger's own maximum",
        module="wiring",
        old="charger.max_current if phase in",
        new="charger.max_current - site.margin if phase in",
    ),
    Defect(
        what="limits count the legs in use though they are not certain",
        module="wiring",
        old="pool_phases if certain else tuple(self.phase_of.values())",
        new="pool_phases",
    ),
    Defect(
        what="without import an excess minimum need not be covered by excess",
        module="pools",
        old="run = excess if is_restricted(self.site) else surplus",
        new="run = surplus",
    ),
    Defect(
        what="the battery comes before every load, whatever its rank",
        module="pools",
        old="keeps = 0.0 if before_battery else part.keeps",
        new="keeps = part.keeps",
    ),
    Defect(
        what="help meant for the minimum is given for more",
        module="pools",
        old="more=helped if helps is BatteryHelp.FULL else alone",
        new="more=alone if helps is BatteryHelp.NONE else helped",
    ),
    Defect(
        what="off the grid, pools are kept by phase",
        module="pools",
        old="return site.off_grid or site.phase_netting",
        new="return site.phase_netting",
    ),
    Defect(
        what="each phase has the whole battery to itself",
        module="pools",
        old="return power / len(self.sun)",
        new="return power",
    ),
    Defect(
        what="without netting, one phase's export pays for another's import",
        module="special_limits",
        old="return sum([max(0.0, total) for total in self._totals])",
        new="return max(0.0, sum(self._totals))",
    ),
    Defect(
        what="phases the house itself leaves uneven let no load even them out",
        module="special_limits",
        old="self._limit = max(limit, self._base)",
        new="self._limit = limit",
    ),
    Defect(
        what="dimmed loads count on sun that other loads take",
        module="special_limits",
        old="self._limit + max(0.0, self._surplus - self._others)",
        new="self._limit + max(0.0, self._surplus)",
    ),
    Defect(
        what="a plug that draws unasked takes no place",
        module="special_limits",
        old="float(self._limit - self._busy - self._active)",
        new="float(self._limit - self._active)",
    ),
    Defect(
        what="an inverter that balances gives each phase a third",
        module="site_limits",
        old="if not inverter.balances_phases:",
        new="if inverter.balances_phases:",
    ),
    Defect(
        what="the battery is blamed where a limit would refuse as well",
        module="reasons",
        old="and ledger.limits.refusing(claim, claim.minimum) is None",
        new="and kept_back > 0.0",
    ),
    Defect(
        what="the first instead of the last load before is named",
        module="reasons",
        old="max(before or after, key=_order, default=None)",
        new="min(before or after, key=_order, default=None)",
    ),
    Defect(
        what="an eco load on grid power is said to follow the sun",
        module="reasons",
        old="return Reason.MINIMUM, None",
        new="return Reason.SURPLUS, None",
    ),
    Defect(
        what="of several fuses without room the farthest is named",
        module="limits",
        old="for row in claim.rows:\n            if room[row] < least:",
        new="for row in reversed(claim.rows):\n            if room[row] < least:",
    ),
    Defect(
        what="without netting, one phase's pool is what all of a load's phases go by",
        module="ceilings",
        old="return claim.current + min(",
        new="return claim.current + max(",
    ),
    Defect(
        what="a load that leaps goes past what fits",
        module="filling",
        old="max(claim.current, ledger.highest_level(claim))",
        new="level",
    ),
)
