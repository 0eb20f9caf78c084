"""What the plant asks of anything that stands behind a managed load."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from evenload.model.decision import Command
from evenload.model.site import Load
from evenload.model.snapshot import DeviceSnapshot
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import FaultKind


class LoadDevice(Protocol):
    """The device behind one load: it draws, obeys in its own way, and reports."""

    load: Load
    phases: tuple[int, ...]
    """Index of the site's phase that each leg hangs on."""

    @property
    def comfort(self) -> tuple[float, float] | None:
        """Between which temperatures nobody complains [degC]; None: it has no temperature."""
        ...

    @property
    def draws(self) -> Sequence[float]:
        """Current of each leg [A]."""
        ...

    @property
    def power(self) -> float:
        """Over all legs [W]."""
        ...

    @property
    def appetite(self) -> float:
        """The most it would take now if it were allowed to [W]."""
        ...

    @property
    def reaction(self) -> float:
        """The longest time from a command to the last ampere of a cut [s]."""
        ...

    @property
    def is_reachable(self) -> bool:
        """Whether it takes commands: neither offline nor deaf nor stuck."""
        ...

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        ...

    def command(self, command: Command, second: int) -> None:
        """Take a command; its setpoint is in the unit of the load's levels, 0: off or paused."""
        ...

    def fail(self, fault: FaultKind, *, active: bool) -> None:
        """Begin or end a fault; one that it cannot have is ignored."""
        ...

    def report(self, feed: Feed, second: int) -> None:
        """Report what is due."""
        ...

    def snapshot(self, feed: Feed) -> DeviceSnapshot:
        """Return what anyone outside knows of it."""
        ...

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return what else of it is worth drawing: `soc` [%], `temperature` [degC]."""
        ...

    def outcome(self) -> dict[str, float]:
        """Return how well it was served, for the run's result."""
        ...
