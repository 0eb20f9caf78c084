"""What stands behind a plug of a virtual station: a car that takes what it is offered."""

from collections.abc import Sequence
from typing import Protocol

from evenload.model.site import Leg
from evenload.simulate.devices.car import Car
from evenload.simulate.devices.moment import Moment, generator
from evenload.simulate.devices.trips import drives
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import VOLTAGE


class Outlet(Protocol):
    """One outlet with whatever is plugged in."""

    @property
    def home(self) -> bool:
        """Whether a car is plugged in."""
        ...

    @property
    def full(self) -> bool:
        """Whether the car wants no more."""
        ...

    @property
    def draws(self) -> Sequence[float]:
        """Of each leg [A]."""
        ...

    @property
    def power(self) -> float:
        """Over all legs [W]."""
        ...

    @property
    def soc(self) -> float:
        """Of the car [%]."""
        ...

    def advance(self, offered: float, phases: int) -> None:
        """Live through one second with this offer [A per leg] on so many legs."""
        ...


class CarOutlet:
    """An outlet with a simulated car that time passes for one second a call."""

    def __init__(self, part: CarPart, *, seed: int, plug: int, phases: int = 3) -> None:
        """Plug in a car; `seed` and `plug` make its chance its own."""
        self._moment = Moment(environment=0.0, speed=1.0, voltages=[VOLTAGE] * phases)
        used = tuple(Leg)[:phases] if part.legs is None else part.legs
        self.car = Car(
            part,
            [index if leg in used else None for index, leg in enumerate(tuple(Leg)[:phases])],
            drives=drives(part, 0, 0.0, generator(seed, plug, "trips")),
            legs_chance=generator(seed, plug, "legs"),
        )
        self._plugged = True

    def plug_in(self, *, plugged: bool) -> None:
        """Plug the car in or pull its cable out."""
        self._plugged = plugged
        if not plugged:
            self.car.unplug()

    @property
    def home(self) -> bool:
        """Whether a car is plugged in."""
        return self._plugged and self.car.home

    @property
    def full(self) -> bool:
        """Whether the car wants no more."""
        return self.car.full

    @property
    def draws(self) -> Sequence[float]:
        """Of each leg [A]."""
        return self.car.draws

    @property
    def power(self) -> float:
        """Over all legs [W]."""
        return self.car.power

    @property
    def soc(self) -> float:
        """Of the car [%]."""
        return self.car.soc

    def advance(self, offered: float, phases: int) -> None:
        """Live through one second with this offer [A per leg] on so many legs."""
        self._moment.advance()
        self.car.give(phases)
        self.car.advance(offered if self._plugged else 0.0, self._moment)
