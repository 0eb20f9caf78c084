"""What the grid meter says of each phase in amperes with a sign, however it says it.

- *Currents* are taken as they are. A meter whose current never goes negative while its power, or
  the sun, shows export knows no direction: then each phase's power gives the sign; where there is
  none, the meter is refused at a house that produces, for export would look like load.
- *Powers alone* become currents by the measured voltage, or the nominal one. As little as 95 % of
  that is healthy and current may flow that is no power, so that the fuse is held by a little more
  than the reading says (`unseen`).
- *A total of three phases* is never split: nobody knows which phase carries it. Its thirds serve
  the pools, which only see sums; each phase of the fuse has to carry all of it (`unseen`), and export
  helps none.

An unsigned meter shows export by mirrored steps: where the sun rises by some watts and the reading
rises by as many, the one explanation that needs no chance is a sign that is missing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import field

from evenload.controller.change import replace
from evenload.controller.draw import is_known
from evenload.controller.meter_memory import NEVER, SignMemory
from evenload.controller.state import LoadMemory
from evenload.model.brief import brief
from evenload.model.decision import TroubleCode
from evenload.model.quantities import POWER_METER_MARGIN, VOLTAGE_SPREAD
from evenload.model.site import Phase
from evenload.model.snapshot import Sample, Snapshot, no_samples

EXPORT = 100.0
"""Export of more than this on one phase is seen in its power [W]."""

REVERSE = 0.5
"""A current below minus this shows that the meter knows the direction [A]."""

WITNESSES = 4.0
"""So many contradictions make a meter unsigned."""

PARDON = 0.25
"""What a step that fits the sign takes off the contradictions."""

SUN_STEP = 400.0
"""The sun must have moved by this for a step to say anything [W]."""

SUN_TIME = 30.0
"""The sun is compared with what it was so long ago, which a meter's lag does not matter for [s]."""

ALIKE = 0.25
"""A step is as large as another when they differ by less than this share of it."""


@brief
class GridView:
    """The grid meter in amperes with a sign."""

    samples: Mapping[Phase, Sample]
    signs: SignMemory
    heard_at: float = NEVER
    """When the meter last reported anything."""
    troubles: tuple[tuple[TroubleCode, str], ...] = ()
    is_total: bool = False
    """Whether all there is is one total of several phases."""
    spread: tuple[float | None, ...] = ()
    """Which share more each phase may carry than its power says; None: its current is measured."""


@brief
class Witness:
    """What else is known of where power goes, to tell a sign by."""

    voltages: Sequence[float]
    """By phase [V]."""
    battery: float
    """[W], discharging positive."""
    loads: Mapping[str, LoadMemory] = field(default_factory=dict[str, LoadMemory])
    timeout: float
    now: float


def grid_view(snapshot: Snapshot, signs: SignMemory, witness: Witness) -> GridView:
    """Return the grid meter's currents; off the grid the inverter is the meter."""
    site = snapshot.site
    if site.off_grid:
        return GridView(samples=snapshot.inverter, signs=signs)
    powers = snapshot.grid_power
    if snapshot.grid_total is not None and not snapshot.grid and not powers:
        if len(site.phases) > 1:
            return _of_total(snapshot, snapshot.grid_total, signs, witness)
        powers = dict.fromkeys(site.phases, snapshot.grid_total)
    if not powers and snapshot.solar is None:
        return GridView(samples=snapshot.grid, signs=signs)
    signs = _learn_sign(snapshot, signs, witness)
    heard_at = max((sample.at for sample in powers.values()), default=NEVER)
    if signs.is_unsigned:
        return replace(_with_signs(snapshot, signs, witness), heard_at=heard_at)
    if all(phase in snapshot.grid for phase in site.phases):
        return GridView(samples=snapshot.grid, signs=signs, heard_at=heard_at)
    return replace(_of_powers(snapshot, powers, signs, witness), heard_at=heard_at)


def _of_powers(
    snapshot: Snapshot, powers: Mapping[Phase, Sample], signs: SignMemory, witness: Witness
) -> GridView:
    """Return the currents of phases that are known by their power only, beside the others."""
    samples = dict(snapshot.grid)
    spread: list[float | None] = [None] * len(snapshot.site.phases)
    for place, phase in enumerate(snapshot.site.phases):
        power = powers.get(phase)
        if phase in samples or power is None:
            continue
        samples[phase] = Sample(power.value / witness.voltages[place], power.at)
        spread[place] = _spread(is_measured=phase in snapshot.voltage)
    return GridView(samples=samples, signs=signs, spread=tuple(spread))


def _spread(*, is_measured: bool) -> float:
    """Return which share more may flow than a power says, by a voltage that is measured or not."""
    return 0.0 if is_measured else VOLTAGE_SPREAD / (1.0 - VOLTAGE_SPREAD)


def _of_total(snapshot: Snapshot, total: Sample, signs: SignMemory, witness: Witness) -> GridView:
    phases = snapshot.site.phases
    each = total.value / sum(witness.voltages)
    return GridView(
        samples={phase: Sample(each, total.at) for phase in phases},
        signs=signs,
        troubles=((TroubleCode.PHASES_NOT_MEASURED, "grid"),),
        is_total=True,
        spread=(_spread(is_measured=bool(snapshot.voltage)),) * len(phases),
    )


def unseen(view: GridView, values: Sequence[float]) -> tuple[float, ...]:
    """Return by how much more each phase may carry than the `values` that were believed [A].

    Empty: by nothing.
    """
    if not view.spread:
        return ()
    if view.is_total:
        values = (max(0.0, sum(values)),) * len(values)
    return tuple(
        0.0 if share is None else POWER_METER_MARGIN + share * abs(value)
        for share, value in zip(view.spread, values, strict=True)
    )


def whole_base(house: Sequence[float], unseen: Sequence[float]) -> tuple[float, ...]:
    """Return by how much more a phase may carry than its share of a house known by its sum only [A].

    `house` [A] by phase adds up to what is known; `unseen` is what a power does not say.
    """
    total = max(0.0, sum(house))
    return tuple(total - own + more for own, more in zip(house, unseen, strict=True))


def _with_signs(snapshot: Snapshot, signs: SignMemory, witness: Witness) -> GridView:
    """Return an unsigned meter's currents with the signs of its powers; none where it has none."""
    samples: dict[Phase, Sample] = {}
    for phase, sample in snapshot.grid.items():
        power = snapshot.grid_power.get(phase)
        if power is not None and witness.now - power.at <= witness.timeout:
            samples[phase] = Sample(math.copysign(sample.value, power.value), sample.at)
    is_whole = all(phase in samples for phase in snapshot.site.phases)
    if not is_whole and not _produces(snapshot):
        return GridView(samples=snapshot.grid, signs=signs)
    code = TroubleCode.METER_UNSIGNED if is_whole else TroubleCode.METER_REFUSED
    return GridView(
        samples=samples if is_whole else no_samples(), signs=signs, troubles=((code, "grid"),)
    )


def _produces(snapshot: Snapshot) -> bool:
    return snapshot.solar is not None or snapshot.site.battery is not None


def _learn_sign(snapshot: Snapshot, signs: SignMemory, witness: Witness) -> SignMemory:
    """Return what is known of the meter's sign with this snapshot; once negative, always signed."""
    if signs.is_signed:
        return signs
    currents = [sample.value for sample in snapshot.grid.values()]
    if any(current < -REVERSE for current in currents):
        return SignMemory(is_signed=True)
    signs = _by_power(snapshot, signs)
    if snapshot.solar is None or len(currents) < len(snapshot.site.phases):
        return signs
    return _by_sun(snapshot.solar.value, currents, signs, witness)


def _by_power(snapshot: Snapshot, signs: SignMemory) -> SignMemory:
    """Return the memory with what powers say: a phase exports and its current does not show it."""
    newest = max((sample.at for sample in snapshot.grid_power.values()), default=NEVER)
    if newest <= signs.power_at:
        return signs
    exports = any(
        power.value < -EXPORT and phase in snapshot.grid and snapshot.grid[phase].value > REVERSE
        for phase, power in snapshot.grid_power.items()
    )
    against = signs.against + 1.0 if exports else max(0.0, signs.against - PARDON)
    return _judged(replace(signs, power_at=newest), against)


def _by_sun(
    solar: float, currents: Sequence[float], signs: SignMemory, witness: Witness
) -> SignMemory:
    """Return the memory with what the sun says: whether the meter mirrors its steps."""
    if witness.now - signs.sun_at < SUN_TIME:
        return signs
    meter = sum(c * v for c, v in zip(currents, witness.voltages, strict=True))
    others = tuple(memory.setpoint for memory in witness.loads.values())
    rise, shown = solar - signs.sun, meter - signs.meter
    # Loads and a battery that answer the sun would mirror its steps, too: then nothing is said.
    is_alone = (
        witness.now - signs.sun_at < 2.0 * SUN_TIME
        and others == signs.others
        and abs(witness.battery - signs.battery) < ALIKE * abs(rise)
        and all(is_known(memory.draw) for memory in witness.loads.values())
    )
    signs = replace(
        signs, sun_at=witness.now, sun=solar, meter=meter, battery=witness.battery, others=others
    )
    if not (is_alone and math.isfinite(rise) and abs(rise) >= SUN_STEP):
        return signs
    if abs(shown - rise) < ALIKE * abs(rise):
        return _judged(signs, signs.against + 1.0)
    if abs(shown + rise) < ALIKE * abs(rise):
        return _judged(signs, max(0.0, signs.against - PARDON))
    return signs


def _judged(signs: SignMemory, against: float) -> SignMemory:
    return replace(signs, against=against, is_unsigned=signs.is_unsigned or against >= WITNESSES)
