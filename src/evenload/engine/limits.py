"""Every limit on what loads draw, and how much room each has left.

The fuses (main, circuits, chargers) are rows of amperes that a load's current on a phase simply
fills, held in one flat list. The limits that weigh loads otherwise stand in `special_limits`, each
an object of its own. Both answer the same questions: how much higher may this load go, which limit
refuses it a raise, and how full is each.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from evenload.engine.claims import Claim
from evenload.engine.wiring import PreparedSite
from evenload.model.allocation import LimitUse
from evenload.units import TOLERANCE


class SpecialLimit(Protocol):
    """A limit that is not a fuse."""

    @property
    def name(self) -> str:
        """Return the name that reasons and tables know it by."""
        ...

    @property
    def room(self) -> float:
        """Return what it leaves, in its own unit, whoever takes it; see `weight`."""
        ...

    def weight(self, claim: Claim) -> float:
        """Return the room that one ampere more on each leg of `claim` takes at most."""
        ...

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go now [A per leg]; below 0 where it is exceeded."""
        ...

    def bears(self, claim: Claim) -> bool:
        """Return whether what `claim` draws counts here."""
        ...

    def take(self, claim: Claim, rise: float) -> None:
        """Count a raise of `claim`, which still has its old current, by `rise` [A per leg]."""
        ...

    def use(self) -> LimitUse:
        """Return how full it is."""
        ...


class Limits:
    """All limits of one moment and the room they have left."""

    def __init__(
        self,
        *,
        prepared: PreparedSite,
        ratings: Sequence[float],
        bases: Sequence[float],
        special: Sequence[SpecialLimit],
        by_charger: Mapping[int, SpecialLimit],
        unbalance: Sequence[SpecialLimit],
    ) -> None:
        """Start with nothing allocated: `special` bind all loads, `by_charger` its plugs alone.

        `ratings` and `bases` are by row [A].
        """
        self._row_names = prepared.row_names
        self._row_numbers = prepared.row_numbers
        self._fused_rows = prepared.fused_rows
        self._width = len(prepared.phases)
        self._ratings = ratings
        self._bases = bases
        self._room = [rating - base for rating, base in zip(ratings, bases, strict=True)]
        self._initial_room = tuple(self._room)
        self._by_charger = by_charger
        self._unbalance_names = frozenset(limit.name for limit in unbalance)
        self._general = (*special, *unbalance)
        self.are_all_fuses = not self._general and not by_charger
        """Whether there is no limit but the fuses' rows."""

    @property
    def rooms(self) -> list[float]:
        """Return what each row leaves [A]; raises are taken from there."""
        return self._room

    @property
    def may_reopen(self) -> bool:
        """Return whether a raise of one load can make room for another: balance can."""
        return bool(self._unbalance_names)

    @property
    def special(self) -> Sequence[SpecialLimit]:
        """Return the limits other than fuses that bind all loads."""
        return self._general

    def is_reopening(self, name: str | None) -> bool:
        """Return whether the limit of this name may have room again after it had none."""
        return name in self._unbalance_names

    def specials_of(self, claim: Claim) -> Iterator[SpecialLimit]:
        """Yield the limits other than fuses that concern `claim`, those that may reopen last."""
        charger = claim.prepared.charger
        if charger is not None and charger in self._by_charger:
            yield self._by_charger[charger]
        yield from self._general

    def headroom(self, claim: Claim) -> float:
        """Return how much higher `claim` may go now [A per leg]."""
        room = min(claim.rooms(self._room))
        if self.are_all_fuses:
            return room
        return min([room, *[limit.headroom(claim) for limit in self.specials_of(claim)]])

    def take(self, claim: Claim, rise: float) -> None:
        """Count on all limits but the fuses a raise of `claim`, which has its old current yet.

        `rise` is in amperes per leg. The fuses' rooms are the ledger's to take from.
        """
        for limit in self.specials_of(claim):
            limit.take(claim, rise)

    def refusals(self, claim: Claim, rise: float) -> Iterator[str]:
        """Yield the limits that refuse `claim` a raise by `rise` [A], from the load upwards."""
        least = rise - TOLERANCE
        room = self._room
        for row in claim.rows:
            if room[row] < least:
                yield self._row_names[row]
        for limit in self.specials_of(claim):
            if limit.headroom(claim) < least:
                yield limit.name

    def refusing(self, claim: Claim, rise: float) -> str | None:
        """Return the first limit that refuses `claim` a raise by `rise` [A], None where none does."""
        return next(self.refusals(claim, rise), None)

    def circuit_of(self, name: str) -> int:
        """Return the number of the circuit whose fuse has this name; other limits: the main fuse's."""
        row = self._row_numbers.get(name)
        return 0 if row is None else row // self._width

    def bears(self, name: str, claim: Claim) -> bool:
        """Return whether what `claim` draws counts on the limit of this name."""
        row = self._row_numbers.get(name)
        if row is not None:
            return row in claim.rows
        return any(limit.name == name and limit.bears(claim) for limit in self.specials_of(claim))

    def uses(self) -> dict[str, LimitUse]:
        """Return how full every limit is, by name."""
        bases, ratings, before, now = self._bases, self._ratings, self._initial_room, self._room
        table = {
            name: LimitUse(bases[row], before[row] - now[row], ratings[row])
            for row, name in self._fused_rows
        }
        for limit in (*self._by_charger.values(), *self._general):
            table[limit.name] = limit.use()
        return table
