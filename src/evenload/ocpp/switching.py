"""One phase or three: what a plug gives its car, and the pause before that changes.

A car that is drawing must not have phases taken away or added: its charger and the contactors can be
damaged (OCPP 1.6 errata 3.68 leaves the pause to whoever sends the profiles). So on the way from one to
three, or back, a profile with a limit of 0 and the phases as they are goes first; when the station has
carried it for `PAUSE`, the setpoint follows with its new number of phases. A free plug needs no pause.
"""

from dataclasses import replace

from evenload.ocpp.nouns import Setpoint

PAUSE = 10.0
"""A car stands still for so long before its phases change [s]."""
ONE, THREE = 1, 3


class PhaseSwitch:
    """How many phases the profile of one plug gives."""

    def __init__(self) -> None:
        """Know nothing: the plug gives every phase that it has."""
        self.given: int | None = None
        """In the profile that was accepted last; None: the number never mattered."""
        self._still_since: float | None = None

    @property
    def still_until(self) -> float | None:
        """Until when the pause lasts [s, monotonic]; None: the plug offers a current."""
        return None if self._still_since is None else self._still_since + PAUSE

    def first(self, wanted: Setpoint, *, every: int, free: bool, now: float) -> Setpoint:
        """Return what to tell on the way to `wanted`: to stand still where the phases must change.

        `every` is how many phases the plug has.
        """
        given = every if self.given is None else self.given
        if wanted.phases is None or wanted.current <= 0.0:
            return replace(wanted, phases=self.given)
        phases = min(wanted.phases, every)
        until = self.still_until
        if phases == given or free or (until is not None and now >= until):
            return replace(wanted, phases=phases)
        return Setpoint(current=0.0, phases=self.given)

    def accepted(self, told: Setpoint, now: float) -> None:
        """Take note of what the station carries now."""
        self.given = told.phases
        if told.current > 0.0:
            self._still_since = None
        elif self._still_since is None:
            self._still_since = now
