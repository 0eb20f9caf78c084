"""How loads are raised: one alone to the highest level that fits, or several together.

Filling together means: repeatedly the load with the least current per leg, the earlier of two with
the same, goes up one level if that fits, until none can.

Taken literally that is slow for heaters with thousands of steps, so the loads *leap* first: as long
as no raise is refused, the order above only means that the currents rise like water, and the state
when the water stands at t is that each load has its lowest level not below t. A leap goes to a t so
low that every limit and pool surely has room for each load to stand one step above t; what remains
is done step by step. A leap thus never changes the outcome, only how soon it is reached.

A load that was refused is settled, for room only ever shrinks; except where the balance of phases
refused it, which another load's raise can mend: it is parked, and tried again after the next raise.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.leaps import leap
from evenload.engine.reasons import Explainer


def raise_to_highest(claim: Claim, ledger: Ledger, explainer: Explainer) -> None:
    """Grant `claim` the highest level that fits and settle it."""
    level = ledger.highest_level(claim)
    if level > claim.current:
        ledger.grant(claim, level)
    claim.settle(explainer.explain(claim))


def fill_together(group: Sequence[Claim], ledger: Ledger, explainer: Explainer) -> None:
    """Raise the loads of one group, which are in order, together, and settle them.

    A switch in eco has nothing to raise: it is decided first.
    """
    for claim in group:
        if claim.is_eco_switch:
            raise_to_highest(claim, ledger, explainer)
    adjustable = [claim for claim in group if not claim.is_eco_switch]
    _Water(adjustable, ledger, explainer).rise()


class _Water:
    """The loads of one group while they rise together."""

    def __init__(self, claims: Sequence[Claim], ledger: Ledger, explainer: Explainer) -> None:
        self._ledger = ledger
        self._explainer = explainer
        self._rising = [(claim.current, claim.order, claim) for claim in claims if claim.is_ready]
        heapify(self._rising)
        self._waiting = [claim for claim in claims if not claim.is_ready]
        self._parked: list[Claim] = []
        self._steps_to_leap = 0

    def rise(self) -> None:
        """Raise until none can."""
        while self._rising or self._parked:
            if not self._rising:
                self._settle_parked()
                continue
            self._leap_if_due()
            claim = heappop(self._rising)[2]
            if self._step(claim):
                self._push(claim)
                self._unpark()
                continue
            claim.because = self._explainer.explain(claim)
            if self._may_rise_later(claim):
                self._parked.append(claim)
            else:
                claim.settle(claim.because)
                self._wake()

    def _step(self, claim: Claim) -> bool:
        """Raise `claim` by one level, and return whether that fitted."""
        if claim.current >= claim.top:
            return False
        level = claim.next_level()
        if not self._ledger.fits(claim, level):
            return False
        self._ledger.grant(claim, level)
        return True

    def _may_rise_later(self, claim: Claim) -> bool:
        """Return whether nothing but a limit that may have room again keeps `claim` down."""
        ledger = self._ledger
        if not ledger.limits.may_reopen or claim.current >= claim.top:
            return False
        level = claim.next_level()
        return ledger.pool_level(claim) >= level and ledger.limits.is_reopening(
            ledger.limits.refusing(claim, level - claim.current)
        )

    def _push(self, claim: Claim) -> None:
        heappush(self._rising, (claim.current, claim.order, claim))

    def _unpark(self) -> None:
        for claim in self._parked:
            self._push(claim)
        self._parked.clear()

    def _settle_parked(self) -> None:
        for claim in self._parked:
            claim.settle(claim.because)
        self._parked.clear()
        self._wake()

    def _wake(self) -> None:
        """Let later plugs of sequential chargers join whose earlier plugs are now settled."""
        for claim in [claim for claim in self._waiting if claim.is_ready]:
            self._waiting.remove(claim)
            self._push(claim)

    def _leap_if_due(self) -> None:
        """Leap after as many steps as there are loads, so that leaps never cost more than steps."""
        self._steps_to_leap -= 1
        if self._steps_to_leap > 0 or self._parked or self._rising[0][0] == 0.0:
            return
        self._steps_to_leap = len(self._rising)
        claims = [claim for _, _, claim in self._rising]
        if leap(claims, self._ledger):
            self._rising = [(claim.current, claim.order, claim) for claim in claims]
            heapify(self._rising)
