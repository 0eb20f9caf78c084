"""What an inverter can deliver, and on which phases."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from evenload.model.site import Site
from evenload.simulate.settings import Inverter as InverterPart


@dataclass(frozen=True, slots=True, kw_only=True)
class InverterLimits:
    """What is really there, where the site may believe something else."""

    power: float
    """Over all phases [W]."""
    phase_power: float
    """On each phase [W]."""
    balances: bool
    """Whether it gives each phase what that needs; otherwise all the same."""

    @classmethod
    def of(cls, site: Site, part: InverterPart, phases: int) -> InverterLimits | None:
        """Return the limits of an inverter on so many phases; None where there is none."""
        said = site.inverter
        power, phase_power = part.max_power, part.max_power_per_phase
        balances = part.balances_phases
        if said is not None:
            power = said.max_power if power is None else power
            phase_power = said.max_power_per_phase if phase_power is None else phase_power
            balances = said.balances_phases if balances is None else balances
        if power is None and phase_power is None:
            return None
        power = math.inf if power is None else power
        phase_power = math.inf if phase_power is None else phase_power
        if not balances:
            phase_power = min(phase_power, power / phases)
        return cls(
            power=min(power, phases * phase_power), phase_power=phase_power, balances=bool(balances)
        )

    def shares(self, power: float, needs: Sequence[float]) -> list[float]:
        """Return how much of `power` goes to each phase, given what each needs [W].

        A balancing inverter goes by the needs that have its sign, any other gives all the same.
        """
        sign = 1.0 if power >= 0.0 else -1.0
        weights = [max(0.0, sign * need) for need in needs]
        whole = sum(weights)
        if not self.balances or whole <= 0.0:
            return [power / len(needs)] * len(needs)
        most = self.phase_power
        return [max(-most, min(most, power * weight / whole)) for weight in weights]
