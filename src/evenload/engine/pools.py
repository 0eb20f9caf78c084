"""What loads together may take, in watts, where they may not use the grid freely.

The sun less the house is what the meters say with the managed loads' own draw m taken out:

    m - g - b        (managed draw less grid import less battery discharge)

The battery then takes its part (*c*, what it would charge with, while it is below its threshold) or
gives it (*d*, what it could discharge beyond what it does, while it is above). Which of the two
counts, and about which threshold, depends on the load: `SitePools` has a pool for each case.

A pool is held in *accounts*: one for the whole site, or one a phase where phases are not netted. A
load draws on that one account, or on the account of every phase it uses; what the battery takes or
gives and the excess threshold split evenly over the accounts.
"""

from collections.abc import Sequence
from typing import NamedTuple

from evenload.engine.battery import BatteryPart, battery_parts
from evenload.model.readings import Readings
from evenload.model.site import BatteryHelp, Site


class Pool(NamedTuple):
    """What loads of one sort may take, by account [W], before anything is granted."""

    run: tuple[float, ...]
    """Decides whether a load runs at its minimum."""
    more: tuple[float, ...]
    """Bounds what it takes above that."""
    gate: tuple[float, ...] | None = None
    """What must be left above 0 for it to run at all; None: nothing must."""
    kept_back: float = 0.0
    """How much more there would be in each account if the battery did not come first [W]."""


class SitePools(NamedTuple):
    """The pools of one moment."""

    site: Site
    sun: tuple[float, ...]
    """m - g - b by account [W]."""
    about_target: BatteryPart
    """For eco, solar and excess loads."""
    about_minimum: BatteryPart
    """For standard loads that may not import: they may drain the battery to `soc_min`."""
    is_empty: bool = False
    """Off the grid with the battery not read: nothing can be relied on, every pool is 0."""

    def surplus(self) -> float:
        """Return the surplus over all phases without the battery's help [W]."""
        return sum(self._accounts(-self.about_target.keeps))

    def excess(self) -> float:
        """Return the surplus over all phases less the threshold [W]."""
        return sum(self._accounts(-self.about_target.keeps - self.site.excess_threshold))

    def standard(self) -> Pool | None:
        """Return the pool of standard loads; None: they take what they need from any source."""
        if not is_restricted(self.site):
            return None
        part = self.about_minimum
        everything = self._accounts(part.gives - part.keeps)
        return Pool(run=everything, more=everything, kept_back=self._split(part.keeps))

    def following(self, *, before_battery: bool) -> Pool:
        """Return the pool of eco and solar loads, either before or after the battery."""
        part = self.about_target
        keeps = 0.0 if before_battery else part.keeps
        helps = BatteryHelp.NONE if self.site.battery is None else self.site.battery.helps
        alone = self._accounts(-keeps)
        helped = alone if part.gives == 0.0 else self._accounts(part.gives - keeps)
        return Pool(
            run=alone if helps is BatteryHelp.NONE else helped,
            more=helped if helps is BatteryHelp.FULL else alone,
            kept_back=self._split(keeps),
        )

    def above_threshold(self) -> Pool:
        """Return the pool of excess loads, which the battery never helps.

        With a full battery they follow all surplus, as solar loads do.
        """
        part = self.about_target
        kept_back = self._split(part.keeps)
        surplus = self._accounts(-part.keeps)
        if part.is_full:
            return Pool(run=surplus, more=surplus, kept_back=kept_back)
        excess = self._accounts(-part.keeps - self.site.excess_threshold)
        run = excess if is_restricted(self.site) else surplus
        return Pool(run=run, more=excess, gate=excess, kept_back=kept_back)

    def _split(self, power: float) -> float:
        return power / len(self.sun)

    def _accounts(self, power: float) -> tuple[float, ...]:
        if self.is_empty:
            return (0.0,)
        if len(self.sun) == 1:
            return (self.sun[0] + power,)
        share = self._split(power)
        return tuple([account + share for account in self.sun])


def is_restricted(site: Site) -> bool:
    """Return whether all loads live on surplus, minimums included."""
    return site.off_grid or not site.grid_import_allowed


def is_netted(site: Site) -> bool:
    """Return whether one account holds the surplus of all phases."""
    return site.off_grid or site.phase_netting


def measure_pools(
    site: Site,
    readings: Readings,
    *,
    source: Sequence[float],
    managed: Sequence[float],
    voltages: Sequence[float],
) -> SitePools:
    """Return the pools for what the grid (or the inverter) delivers and loads draw by phase [A]."""
    battery, reading = site.battery, readings.battery
    nothing = BatteryPart()
    if site.off_grid and (battery is None or reading is None):
        return SitePools(
            site=site, sun=(0.0,), about_target=nothing, about_minimum=nothing, is_empty=True
        )
    imported = [0.0] * len(source) if site.off_grid else source
    sun_power = [
        voltage * (drawn - bought)
        for voltage, drawn, bought in zip(voltages, managed, imported, strict=True)
    ]
    accounts = [sum(sun_power)] if is_netted(site) else sun_power
    if readings.hidden_power > 0.0:
        accounts = [account + readings.hidden_power / len(accounts) for account in accounts]
    if battery is None:
        return SitePools(
            site=site, sun=tuple(accounts), about_target=nothing, about_minimum=nothing
        )
    about_target, about_minimum = battery_parts(site, battery, readings, voltages)
    power = 0.0 if reading is None else reading.power
    return SitePools(
        site=site,
        sun=tuple([account - power / len(accounts) for account in accounts]),
        about_target=about_target,
        about_minimum=about_minimum,
    )
