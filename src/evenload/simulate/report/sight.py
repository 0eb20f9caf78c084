"""What a figure needs of what it draws: a simulated run, or a history that was replayed."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from evenload.model.site import Site
from evenload.simulate.record import Stretch


class Sight(Protocol):
    """A house over some time."""

    @property
    def site(self) -> Site:
        """What Evenload is told of it."""
        ...

    @property
    def second(self) -> int:
        """The last second there is."""
        ...


class Curve(Protocol):
    """One quantity over time."""

    @property
    def values(self) -> Sequence[float]:
        """The lowest and the highest value of each bucket, in the order they came."""
        ...


class Curves(Protocol):
    """What was recorded of it."""

    @property
    def bucket(self) -> int:
        """Length of a bucket [s]."""
        ...

    @property
    def series(self) -> Mapping[str, Curve]:
        """By name."""
        ...

    @property
    def stretches(self) -> Mapping[str, Sequence[Stretch]]:
        """By load, in order of time."""
        ...
