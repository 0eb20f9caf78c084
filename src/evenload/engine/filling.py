"""How loads are raised: one alone to the highest level that fits, or several together.

Filling together means: repeatedly the load with the least current per leg, the earlier of two with
the same, goes up one level if that fits, until none can.

Taken literally that is slow for heaters with thousands of steps, so the loads *leap* first: as long
as no raise is refused, the order above only means that the currents rise like water, and the state
when the water stands at t is that each load has its lowest level not below t. A leap goes to a t so
low that every limit and pool surely has room for each load to stand one step above t; what remains
is done step by step. A leap thus never changes the outcome, only how soon it is reached.

A load that was refused is done with, for room only ever shrinks; except where the balance of phases
refused it, which another load's raise can mend: it is parked, and tried again after the next raise.
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.leaps import leap


def raise_to_highest(claim: Claim, ledger: Ledger) -> None:
    """Grant `claim` the highest level that fits; what it has then is final."""
    level = ledger.highest_level(claim)
    if level > claim.current:
        ledger.grant(claim, level)
    if ledger.limits.may_reopen and level < claim.top:
        _note_refusal(claim, ledger)
    claim.is_final = True


def _note_refusal(claim: Claim, ledger: Ledger) -> None:
    rise = claim.next_level() - claim.current
    claim.refused_by = ledger.limits.refusing(claim, rise)


def fill_together(group: Sequence[Claim], ledger: Ledger) -> None:
    """Raise the loads of one group, which are in order, together."""
    for claim in group:
        if claim.is_eco_switch:
            raise_to_highest(claim, ledger)
    _Water([claim for claim in group if not claim.is_eco_switch], ledger).rise()


class _Water:
    """The loads of one group while they rise together."""

    def __init__(self, claims: Sequence[Claim], ledger: Ledger) -> None:
        self._ledger = ledger
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
            if claim.current < claim.top and self._step(claim):
                self._push(claim)
                self._unpark()
            elif claim.refused_by is not None:
                self._parked.append(claim)
            else:
                self._settle(claim)

    def _push(self, claim: Claim) -> None:
        heappush(self._rising, (claim.current, claim.order, claim))

    def _step(self, claim: Claim) -> bool:
        """Raise `claim` by one level if that fits; note an unbalance that alone refuses it."""
        ledger = self._ledger
        level = claim.next_level()
        claim.refused_by = None
        if ledger.fits(claim, level):
            ledger.grant(claim, level)
            return True
        if ledger.limits.may_reopen and ledger.pool_level(claim) >= level:
            name = ledger.limits.refusing(claim, level - claim.current)
            if name is not None and ledger.limits.is_reopening(name):
                claim.refused_by = name
        return False

    def _unpark(self) -> None:
        for claim in self._parked:
            self._push(claim)
        self._parked.clear()

    def _settle_parked(self) -> None:
        for claim in self._parked:
            claim.is_final = True
        self._parked.clear()
        self._wake()

    def _settle(self, claim: Claim) -> None:
        claim.is_final = True
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
