"""The chargers of a simulated house as virtual stations: OCPP outside, the plant's own cars inside.

The house lives on in its own seconds; a station only tells its charge points what they may offer, as
the profiles that it holds allow at each moment.
"""

from collections.abc import Callable, Sequence

from evenload.model.decision import Command
from evenload.model.site import Charger
from evenload.ocpp.nouns import Version
from evenload.simulate.devices.charge_point import ChargePoint
from evenload.simulate.plant import Plant
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import Outlet
from evenload.simulate.stations.station import VirtualStation

_SAID_AGAIN = 5
"""A charge point is told its limit again after so many seconds: it may have been deaf."""
_METER_INTERVAL = 5.0
"""[s], until a central system wants another."""


class PlantOutlet:
    """An outlet whose car the plant moves."""

    def __init__(self, plant: Plant, device: ChargePoint) -> None:
        """Stand before a charge point of the plant."""
        self._plant = plant
        self._device = device
        self._told: tuple[float, int] | None = None
        self._since = 0

    @property
    def home(self) -> bool:
        """Whether a car is plugged in."""
        return self._device.car.home

    @property
    def full(self) -> bool:
        """Whether the car wants no more."""
        return self._device.car.full

    @property
    def draws(self) -> Sequence[float]:
        """Of each leg [A]."""
        return self._device.draws

    @property
    def power(self) -> float:
        """Over all legs [W]."""
        return self._device.power

    @property
    def soc(self) -> float:
        """Of the car [%]."""
        return self._device.car.soc

    def advance(self, offered: float, phases: int) -> None:
        """Let the charge point offer this from now on [A per leg]."""
        self._since += 1
        if self._told == (offered, phases) and self._since < _SAID_AGAIN:
            return
        self._told, self._since = (offered, phases), 0
        self._plant.command(Command(load=self._device.load.id, setpoint=offered, phases=phases))


def plugs_of(plant: Plant, charger: Charger) -> tuple[ChargePoint, ...]:
    """Return the plant's charge points of a charger, in the order of its plugs."""
    found = {device.load.id: device for device in plant.devices if isinstance(device, ChargePoint)}
    return tuple(found[plug.id] for plug in charger.plugs if plug.id in found)


def station_clients(
    plant: Plant, url: str, version: Version, tell: Callable[[str], None] | None = None
) -> tuple[StationClient, ...]:
    """Return a client for each charger of the plant, which calls itself by the charger's id."""
    clients: list[StationClient] = []
    for charger in plant.site.chargers:
        devices = plugs_of(plant, charger)
        if not devices:
            continue
        outlets: list[Outlet] = [PlantOutlet(plant, device) for device in devices]
        behaviour = Behaviour(
            model=f"Virtual {len(outlets)} plugs",
            phases=max(len(device.load.phases) for device in devices),
            max_current=max(device.load.maximum for device in devices),
            default_current=max(device.limit.current for device in devices),
            station_current=charger.max_current,
            minimum=min(device.load.minimum for device in devices),
            tells_soc=True,
            meter_interval=_METER_INTERVAL,
        )
        station = VirtualStation(version, outlets, behaviour)
        dial = Dial(url=url, identity=charger.id, redial=2.0)
        clients.append(StationClient(station, dial, tell))
    return tuple(clients)
