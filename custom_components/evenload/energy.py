"""Integrates each load's draw over time."""

from collections.abc import Mapping

from evenload.model.decision import Decision

LONGEST_GAP = 60.0
"""What happened in a longer pause between two passes is not known and not counted [s]."""


class EnergyMeters:
    """The energy each load has drawn since it was added [Wh]."""

    def __init__(self, recalled: object = None) -> None:
        """Go on from what was saved; anything that is no number starts at zero."""
        saved = recalled if isinstance(recalled, Mapping) else {}
        self._energy = {
            load: float(energy) for load, energy in saved.items() if isinstance(energy, int | float)
        }
        self._previous: Decision | None = None

    def __getitem__(self, load: str) -> float:
        """Return the energy of a load [Wh]."""
        return self._energy.get(load, 0.0)

    def as_dict(self) -> dict[str, float]:
        """Return all of them, to be saved."""
        return dict(self._energy)

    def count(self, decision: Decision) -> None:
        """Add what has been drawn between the pass before and this one."""
        previous, self._previous = self._previous, decision
        if previous is None or not 0 < decision.at - previous.at <= LONGEST_GAP:
            return
        hours = (decision.at - previous.at) / 3600
        for load, before in previous.loads.items():
            self._energy[load] = self[load] + max(before.draw_power, 0.0) * hours

    def forget_all_but(self, loads: Mapping[str, object]) -> None:
        """Drop loads that are gone."""
        self._energy = {load: energy for load, energy in self._energy.items() if load in loads}
