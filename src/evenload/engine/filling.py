"""How loads are raised: one alone to the highest level that fits, or several together.

Filling together means: repeatedly the load with the least current per leg, the earlier of two with
the same, goes up one level if that fits, until none can.

Taken literally that is slow for heaters with thousands of levels. But as long as no raise is
refused, this order only means that the currents rise like water, and when the water stands at t
each load has its lowest level not below t. So a group is raised to a height at once wherever there
is surely room (see `crowds`); only the loads that crowd a limit on the way are raised in parts: to
where the first of their limits is nearly full, and level by level when few levels remain; the
lowest of them then leaps to where the next one stands, for until there it alone moves. Where some
have long steps (a car's 1 A) and others short ones (a heater's 1 W), the latter rise together from
one level of the former to the next. Where all that does not help, a crowd goes to half the height
first. That never changes the outcome, only how soon it is reached.

A load that was refused is settled, for room only ever shrinks; except where the balance of phases
refused it, which another load's raise can mend: it is tried again after the next raise. So who was
refused its minimum already, when minimums were reserved, is not asked again (`Claim.is_out`).
"""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from evenload.engine.ceilings import Ledger
from evenload.engine.claims import Claim
from evenload.engine.crowds import Crowd, crowding, heights_about_full
from evenload.engine.reasons import FULL, judge
from evenload.units import TOLERANCE

FEW_LEVELS = 3.0
"""Loads with no more levels than this before them, on average, are raised level by level."""

FEW_COARSE = 16
"""More loads with long steps than this, among loads with short ones, go to half the height first."""


def raise_to_highest(claim: Claim, ledger: Ledger) -> None:
    """Grant `claim` the highest level that fits and settle it."""
    if claim.is_out:
        claim.settle(judge(claim, ledger))
        return
    if ledger.fits(claim, claim.top):
        ledger.grant(claim, claim.top)
        claim.settle(FULL)
        return
    level = ledger.highest_level(claim)
    if level > claim.current:
        ledger.grant(claim, level)
    claim.settle(judge(claim, ledger))


def fill_together(group: Sequence[Claim], ledger: Ledger) -> None:
    """Raise the loads of one group, which are in order, together, and settle them.

    A switch in eco has nothing to raise: it is decided first.
    """
    for claim in group:
        if claim.is_eco_switch:
            raise_to_highest(claim, ledger)
    rising = [claim for claim in group if not claim.is_final]
    if not any(claim.waits_for for claim in rising):
        rising = _without_settled(rising, ledger)
    if len(rising) == 1 and rising[0].is_ready:
        raise_to_highest(rising[0], ledger)
    elif rising:
        _Water(rising, ledger).fill()


def _without_settled(claims: Sequence[Claim], ledger: Ledger) -> list[Claim]:
    """Settle those of `claims` that have their top, or are out; return the others."""
    rising: list[Claim] = []
    for claim in claims:
        if claim.current >= claim.top - TOLERANCE:
            claim.settle(FULL)
        elif claim.is_out:
            claim.settle(judge(claim, ledger))
        else:
            rising.append(claim)
    return rising


class _Water:
    """The loads of one group while they rise together."""

    def __init__(self, claims: Sequence[Claim], ledger: Ledger) -> None:
        self._ledger = ledger
        self._waiting: list[Claim] = [claim for claim in claims if claim.waits_for]
        self._ready = [claim for claim in claims if not claim.waits_for]

    def fill(self) -> None:
        """Raise until none can, and settle every load."""
        rising = [claim for claim in self._ready if not self._is_settled(claim)]
        rising += self._joining()
        while rising:
            lowest = min([claim.current for claim in rising])
            if lowest == 0.0:
                rising = self._step(rising, TOLERANCE)
                lowest = min([claim.current for claim in rising], default=0.0)
            if rising:
                highest = max([claim.top for claim in (*rising, *self._waiting)])
                rising = self._rise(rising, lowest, highest)
            for claim in rising:
                claim.settle(claim.because)
            rising = self._joining()

    def _rise(self, claims: Sequence[Claim], start: float, end: float) -> list[Claim]:
        """Raise `claims` from where the water stands at `start` to `end` [A per leg].

        Return the unsettled ones, with any that joined on the way.
        """
        if not claims:
            return []
        if len(claims) == 1 and self._is_alone(claims[0]):
            return self._step_freely(claims, end)
        crowd = crowding(claims, self._waiting, self._ledger, end)
        crowded = crowd.watched
        unsettled = self._lift(crowd.rest, end) if crowd.rest else []
        if not crowded:
            return unsettled
        if len(crowded) == 1 and self._is_alone(crowded[0]):
            return unsettled + self._step_freely(crowded, end)
        return unsettled + self._raise_crowd(crowd, start, end)

    def _raise_crowd(self, crowd: Crowd, start: float, end: float) -> list[Claim]:
        """Raise a crowd as far as nobody is refused, and level by level to where somebody is.

        Then on, with those that are left. Where that is not known, raise it to half the height.
        """
        crowded = [*crowd.watched]
        if crowd.is_steady:
            clear, full = heights_about_full(crowd)
            if clear > start:
                crowded = self._lift(crowded, min(clear, end))
                start = min(clear, end)
            if start >= end:
                return crowded
            full = min(full, end)
            if start < full and self._are_few_levels(crowded, start, full):
                return self._rise(self._step(crowded, full), full, end)
            coarse, fine = _split_by_step(crowded)
            if fine and len(coarse) <= FEW_COARSE and not self._ledger.limits.may_reopen:
                return self._raise_unevenly(coarse, fine, end)
        if self._are_few_levels(crowded, start, end):
            return self._step(crowded, end)
        middle = (start + end) / 2.0
        return self._rise(self._rise(crowded, start, middle), middle, end)

    def _raise_unevenly(
        self, coarse: Sequence[Claim], fine: Sequence[Claim], end: float
    ) -> list[Claim]:
        """Raise the fine loads to where the lowest of the coarse ones stand, then these by a level.

        And so on until somebody is refused. No coarse load moves before, for it has the greater
        current.
        """
        rising = [*coarse, *fine]
        while True:
            height = min([claim.current for claim in coarse])
            left = self._raise_low(rising, min(height, end))
            if height >= end:
                return left
            if len(left) < len(rising):
                return self._rise(left, height, end)
            rising = left
            above = height + TOLERANCE
            stepped = self._step_freely(rising, above)
            if len(stepped) < len(rising):
                return self._rise(stepped, above, end)
            rising = stepped

    def _raise_low(self, claims: Sequence[Claim], end: float) -> list[Claim]:
        """Raise those of `claims` that are below `end` [A per leg] to there; return the unsettled."""
        low = [claim for claim in claims if claim.current < end]
        if not low:
            return [*claims]
        high = [claim for claim in claims if claim.current >= end]
        return self._rise(low, min([claim.current for claim in low]), end) + high

    def _is_alone(self, claim: Claim) -> bool:
        """Return whether `claim`, which alone is to rise, runs and can get in nobody's way."""
        return claim.current > 0.0 and self._is_free

    def _lift(self, claims: Sequence[Claim], end: float) -> list[Claim]:
        """Raise `claims`, for which there is room, to `end` at once; return the unsettled ones."""
        for claim in claims:
            if claim.current < end:
                self._ledger.grant(claim, claim.reaching(end))
        return [claim for claim in claims if not self._is_settled(claim)]

    def _are_few_levels(self, claims: Sequence[Claim], start: float, end: float) -> bool:
        """Return whether `claims` have few levels between `start` and `end` [A per leg].

        The one with the shortest steps does not count where loads may leap: it needs not one more
        than the others.
        """
        levels = [
            max(0.0, end - max(start, claim.current)) / claim.longest_step for claim in claims
        ]
        number = sum(levels) - (max(levels) if self._is_free else 0.0)
        return number <= FEW_LEVELS * len(claims)

    @property
    def _is_free(self) -> bool:
        """Return whether nobody waits to join, and who is refused is refused for good."""
        return not self._waiting and not self._ledger.limits.may_reopen

    def _step(self, claims: Sequence[Claim], end: float) -> list[Claim]:
        """Raise `claims` level by level while they are below `end`; return the unsettled ones."""
        if self._is_free:
            return self._step_freely(claims, end)
        above: list[Claim] = []
        parked: list[Claim] = []
        rising: list[tuple[float, int, Claim]] = []
        going_on: Sequence[Claim] = claims
        while True:
            for claim in going_on:
                if claim.current >= end:
                    above.append(claim)
                else:
                    heappush(rising, (claim.current, claim.order, claim))
            if not rising:
                return above + parked
            claim = heappop(rising)[2]
            going_on = ()
            if self._go_up(claim):
                joining = self._joining() if self._is_settled(claim) else [claim]
                going_on = parked + joining
                parked = []
            elif self._may_rise_later(claim):
                parked.append(claim)
            else:
                claim.settle(claim.because)
                going_on = self._joining()

    def _step_freely(self, claims: Sequence[Claim], end: float) -> list[Claim]:
        """Do the same where nobody waits to join, and who is refused is refused for good.

        Then the lowest load can leap to where the next one stands: until there it alone moves.
        """
        above = [claim for claim in claims if claim.current >= end]
        rising = [(claim.current, claim.order, claim) for claim in claims if claim.current < end]
        heapify(rising)
        while rising:
            claim = heappop(rising)[2]
            self._leap(claim, min(rising[0][0], end) if rising else end)
            if claim.is_final:
                continue
            if claim.current < end:
                heappush(rising, (claim.current, claim.order, claim))
            else:
                above.append(claim)
        return above

    def _leap(self, claim: Claim, height: float) -> None:
        """Raise `claim` by one level and on to `height` [A per leg]; settle it where it must stop."""
        ledger = self._ledger
        level = following = claim.next_level()
        if following < height:
            level = claim.reaching(height)
        if ledger.fits(claim, level):
            ledger.grant(claim, level)
            self._is_settled(claim)
            return
        if level > following:
            ledger.grant(claim, max(claim.current, ledger.highest_level(claim)))
        claim.settle(judge(claim, ledger))

    def _go_up(self, claim: Claim) -> bool:
        """Raise `claim` by one level; where that does not fit, note why and return False."""
        level = claim.next_level()
        if self._ledger.fits(claim, level):
            self._ledger.grant(claim, level)
            return True
        claim.because = judge(claim, self._ledger)
        return False

    def _may_rise_later(self, claim: Claim) -> bool:
        """Return whether nothing but a limit that may have room again keeps `claim` down."""
        ledger = self._ledger
        if not ledger.limits.may_reopen:
            return False
        level = claim.next_level()
        return ledger.pool_allows(claim, level) and ledger.limits.is_reopening(
            ledger.limits.refusing(claim, level - claim.current)
        )

    def _is_settled(self, claim: Claim) -> bool:
        """Return whether `claim` has all it can have, and settle it then."""
        if claim.current >= claim.top - TOLERANCE:
            claim.settle(FULL)
        return claim.is_final

    def _joining(self) -> list[Claim]:
        """Return the loads that wait no longer: no earlier plug of their charger is unsettled."""
        waiting = self._waiting
        if not waiting:
            return []
        joining: list[Claim] = []
        while waiting and (ready := [claim for claim in waiting if claim.is_ready]):
            waiting = [claim for claim in waiting if not claim.is_ready]
            joining += [claim for claim in ready if not self._is_settled(claim)]
        self._waiting = waiting
        return joining


def _split_by_step(claims: Sequence[Claim]) -> tuple[Sequence[Claim], Sequence[Claim]]:
    """Return the loads with long steps, up to half of the longest, and the others."""
    half = max([claim.longest_step for claim in claims]) / 2.0
    coarse = [claim for claim in claims if claim.longest_step >= half]
    fine = [claim for claim in claims if claim.longest_step < half]
    return coarse, fine
