"""What each load may take that must not use the grid freely, and which modes consent to a level.

A pool is a power [W] for the whole site, or one for each phase where phases are not netted; its
keys are `None` or the phases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evenload.model.readings import BatteryReading, BatteryZone
from evenload.model.site import Battery, BatteryHelp, Mode, Phase
from tests.oracle.facts import NEAR, Facts, Member

type Bucket = Phase | None
type Pool = Mapping[Bucket, float]
type Granted = Mapping[str, float]
type Purpose = Literal["nothing", "minimum", "more"]
"""What the battery's discharge would be counted for."""

UNREAD = BatteryReading(soc=0.0, power=0.0, zone=BatteryZone.BELOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """The pools of a site at one moment, before anything is granted."""

    facts: Facts
    battery_first: bool = True
    """False: what if the battery were charged last (c = 0)?"""

    def surplus(self, member: Member, purpose: Purpose) -> Pool:
        """Return the surplus as this load sees it."""
        facts, battery = self.facts, self.facts.site.battery
        if battery is None:
            return self._sun(kept_back=0.0)
        if facts.site.off_grid and facts.readings.battery is None:
            return dict.fromkeys(self._buckets(), 0.0)
        reading = facts.readings.battery or UNREAD
        zone = _zone(battery, reading, for_standard=member.mode is Mode.STANDARD)
        kept_back = reading.power
        if zone is BatteryZone.BELOW and self.battery_first and not _outranks(member, battery):
            kept_back += battery.max_charge if reading.accepts is None else reading.accepts
        if zone is BatteryZone.ABOVE and _is_helped(member, battery, purpose):
            kept_back -= self._help(battery, reading)
        return self._sun(kept_back=kept_back)

    def excess(self, member: Member) -> Pool:
        share = self.facts.site.excess_threshold / len(self._buckets())
        return {bucket: power - share for bucket, power in self.surplus(member, "nothing").items()}

    @property
    def site_surplus(self) -> float:
        """The surplus of the site: no rank, no help, all phases together [W]."""
        facts, battery = self.facts, self.facts.site.battery
        if battery is None:
            return sum(self._sun(kept_back=0.0).values())
        if facts.site.off_grid and facts.readings.battery is None:
            return 0.0
        reading = facts.readings.battery or UNREAD
        kept_back = reading.power
        if _zone(battery, reading, for_standard=False) is BatteryZone.BELOW:
            kept_back += battery.max_charge if reading.accepts is None else reading.accepts
        return sum(self._sun(kept_back=kept_back).values())

    @property
    def site_excess(self) -> float:
        if self.facts.site.off_grid and self.facts.readings.battery is None:
            return 0.0
        return self.site_surplus - self.facts.site.excess_threshold

    def left(self, pool: Pool, member: Member, granted: Granted) -> Pool:
        """Return what others leave of a pool."""
        rest = dict(pool)
        for other in self.facts.members.values():
            if other is not member and granted[other.id] > 0:
                for bucket, power in self.taken(other, granted[other.id]).items():
                    rest[bucket] -= power
        return rest

    def taken(self, member: Member, level: float) -> Pool:
        """Return what a load at this level takes of each bucket it uses [W]."""
        facts, phases = self.facts, member.legs_for_pools
        if self._netted:
            return {None: facts.power(phases, level)}
        return {phase: facts.power((phase,), level) for phase in phases}

    def covers(self, pool: Pool, member: Member, level: float, granted: Granted) -> bool:
        """Whether what others leave of a pool covers a level."""
        rest = self.left(pool, member, granted)
        return all(
            rest[bucket] >= power - NEAR for bucket, power in self.taken(member, level).items()
        )

    def anything_left(self, pool: Pool, member: Member, granted: Granted) -> bool:
        rest = self.left(pool, member, granted)
        return all(rest[bucket] > NEAR for bucket in self.taken(member, 1.0))

    @property
    def _netted(self) -> bool:
        return self.facts.site.phase_netting or self.facts.site.off_grid

    def _buckets(self) -> tuple[Bucket, ...]:
        return (None,) if self._netted else self.facts.site.phases

    def _sun(self, *, kept_back: float) -> Pool:
        """Return m - g less `kept_back` [W], which is split evenly over phases not netted."""
        facts = self.facts
        grid = dict.fromkeys(facts.site.phases, 0.0) if facts.site.off_grid else facts.readings.grid
        managed = facts.managed
        free = {p: (managed[p] - grid[p]) * facts.voltage[p] for p in facts.site.phases}
        if self._netted:
            return {None: sum(free.values()) - kept_back}
        return {phase: power - kept_back / len(free) for phase, power in free.items()}

    def _help(self, battery: Battery, reading: BatteryReading) -> float:
        """Return d [W]."""
        facts = self.facts
        if not reading.responds:
            return 0.0
        inverter = facts.site.inverter
        if inverter is None:
            return battery.max_discharge
        delivered = reading.power
        if facts.readings.inverter is not None:
            flows = facts.readings.inverter
            delivered = sum(flows[phase] * facts.voltage[phase] for phase in facts.site.phases)
        return max(0.0, min(battery.max_discharge, reading.power + inverter.max_power - delivered))


def _zone(battery: Battery, reading: BatteryReading, *, for_standard: bool) -> BatteryZone:
    if reading.zone is not None and (not for_standard or reading is UNREAD):
        return reading.zone
    threshold = battery.soc_min if for_standard else battery.soc_target
    if reading.soc < threshold:
        return BatteryZone.BELOW
    return BatteryZone.AT if reading.soc < threshold + 3 else BatteryZone.ABOVE


def _outranks(member: Member, battery: Battery) -> bool:
    return member.mode in (Mode.SOLAR, Mode.ECO) and member.load.priority < battery.priority


def _is_helped(member: Member, battery: Battery, purpose: Purpose) -> bool:
    if purpose == "nothing":
        return False
    if member.mode is Mode.STANDARD or battery.helps is BatteryHelp.FULL:
        return True
    return battery.helps is BatteryHelp.MINIMUM and purpose == "minimum"
