"""A room that is kept warm, and the plain heater in it.

Air and furniture follow heat within the hour, walls within days:

    C_air  dT/dt   = P + gains + windows * sun - UA (T - T_outside) - H (T - T_wall)
    C_wall dT_w/dt = H (T - T_wall)

the two-node model that is fitted to measured houses (P. Bacher and H. Madsen, "Identifying suitable
models for the heat dynamics of buildings", Energy and Buildings 43 (2011) 1511).
"""

from collections.abc import Callable, Mapping

from evenload.model.site import Load
from evenload.simulate.devices.element import Element
from evenload.simulate.devices.feed import Feed
from evenload.simulate.devices.moment import Moment
from evenload.simulate.settings import ElementPart, Room


class RoomState:
    """How warm a room is."""

    __slots__ = ("_part", "_wall", "calling", "coldest", "discomfort", "temperature", "warmest")

    def __init__(self, part: Room) -> None:
        """Begin with air and walls alike."""
        self._part = part
        self._wall = part.temperature
        self.temperature = part.temperature
        """Of the air [degC]."""
        self.coldest = part.temperature
        self.warmest = part.temperature
        self.discomfort = 0.0
        """How much colder than comfortable it has been [Kh]."""
        self.calling = part.temperature < part.thermostat
        """Whether its own thermostat lets it be heated."""

    def warm(self, heat: float, moment: Moment) -> None:
        """Take one second's heat [W], sun, and losses."""
        part, hours, air = self._part, moment.hours, self.temperature
        to_wall = part.exchange * (air - self._wall)
        gained = heat + part.gains + part.windows * moment.irradiance
        lost = part.loss * (air - moment.outdoor_temperature)
        air += (gained - lost - to_wall) * hours / part.air_capacity
        self._wall += to_wall * hours / part.wall_capacity
        self.temperature = air
        self.coldest = min(self.coldest, air)
        self.warmest = max(self.warmest, air)
        if air < part.comfort:
            self.discomfort += (part.comfort - air) * hours
        if air >= part.thermostat:
            self.calling = False
        elif air <= part.thermostat - part.hysteresis:
            self.calling = True


class RoomHeater(Element):
    """Something that heats a room."""

    def __init__(self, load: Load, phases: tuple[int, ...], part: ElementPart, room: Room) -> None:
        """`phases` gives the index of the site's phase behind each leg."""
        super().__init__(load, phases, part)
        self.room = RoomState(room)
        self.comfort = (room.comfort, room.thermostat)

    @property
    def appetite(self) -> float:
        """The most it would take now: nothing while the room's own thermostat is open [W]."""
        return self._most_power if self.room.calling else 0.0

    def advance(self, moment: Moment) -> None:
        """Live through one second."""
        self._obey(moment.second)
        self._draw(moment, self.told_power if self.room.calling else 0.0)
        self.room.warm(self.power, moment)

    def gauges(self) -> Mapping[str, Callable[[], float]]:
        """Return the room's temperature."""
        return {"temperature": lambda: self.room.temperature}

    def outcome(self) -> dict[str, float]:
        """Return how much colder than comfortable it was, and between what it moved."""
        room = self.room
        return {
            "comfort_kelvin_hours": room.discomfort,
            "coldest": room.coldest,
            "warmest": room.warmest,
        }

    def _send(self, feed: Feed) -> None:
        super()._send(feed)
        feed.number(f"{self.load.id}.temperature", round(self.room.temperature, 1))
