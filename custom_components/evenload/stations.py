"""The charging stations that dial in over OCPP: the library's central system, run for one site.

It listens while the site's preferences say so. A station that nobody has accepted is offered as a
discovered device; a plug that a known station turns out to have is added to its charger. What a
station reports makes a pass of the controller.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from typing import Any

from homeassistant.config_entries import SOURCE_INTEGRATION_DISCOVERY, ConfigEntry, ConfigSubentry
from homeassistant.core import HomeAssistant, callback, split_entity_id
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.discovery_flow import async_create_flow
from homeassistant.util import slugify

from evenload.model.decision import Command
from evenload.ocpp import quirks, schemas
from evenload.ocpp.nouns import Change, Event, PlugSnapshot, Setpoint, StationSnapshot
from evenload.ocpp.server import Attempt, CentralSystem, Options

from .const import CONF_IDENTITY, CONF_LEASE, CONF_PLUG, CONF_PLUGS, DOMAIN
from .load_wiring import StationPlugWiring
from .preferences import Settings, load_id_of
from .rebuild import async_rebuild_entities
from .station_manner import CONF_FOUND_SWITCHING, CONF_PHASE_SWITCHING
from .station_wiring import PortWiring, StationWiring
from .token_questions import Question, TokenQuestions
from .wiring import Wiring

_LOGGER = logging.getLogger(__name__)

NEWS = frozenset({Change.PLUG, Change.CONNECTED, Change.DISCONNECTED, Change.BOOTED})
"""Events that the controller should look at."""


class Stations:
    """The central system of one site, while it has one."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry, on_news: Callable[[], None]
    ) -> None:
        """Listen to nobody yet; `on_news` is called when a station has reported something."""
        self._hass = hass
        self._entry = entry
        self._on_news = on_news
        self._central: CentralSystem | None = None
        self._port: PortWiring | None = None
        self._known: dict[str, StationWiring] = {}
        self._memory: object = None
        self._following = asyncio.Lock()
        self._ended = False
        self.questions = TokenQuestions(hass, entry)
        self.problem: str | None = None
        """Why nobody can dial in, though they should."""

    @property
    def strangers(self) -> tuple[Attempt, ...]:
        """Stations that dialled in and were not accepted yet, the last first."""
        return () if self._central is None else self._central.strangers

    def recall(self, memory: object) -> None:
        """Go on from what was saved."""
        self._memory = memory

    def content(self) -> object:
        """Return what is saved."""
        return self._memory if self._central is None else self._central.memory()

    async def async_follow(self, wiring: Wiring) -> None:
        """Listen where the wiring says, and know its stations; changes are taken one by one."""
        async with self._following:
            await self._follow(wiring)

    async def _follow(self, wiring: Wiring) -> None:
        if self._ended:  # a change that came just before: the port is another's by now
            return
        if wiring.port != self._port:
            await self._close()
            self._port = wiring.port
            if wiring.port is not None:
                await self._open(wiring.port, wiring)
        central = self._central
        if central is None:
            return
        for identity in self._known.keys() - wiring.stations.keys():
            await central.remove(identity)
        for identity, station in wiring.stations.items():
            if self._known.get(identity) != station:
                central.add(identity, station.settings)
        self._known = dict(wiring.stations)
        for identity in wiring.stations:
            self._note_station(identity)

    async def async_stop(self) -> None:
        """Let every station go for good; their leases see to it that they fall back."""
        async with self._following:
            self._ended = True
            await self._close()

    async def _close(self) -> None:
        self.questions.withdraw()
        central, self._central = self._central, None
        self._port, self.problem = None, None
        if central is not None:
            self._memory = central.memory()
            await central.stop()

    def snapshot(self, identity: str) -> StationSnapshot | None:
        """Return what is known of a station."""
        return None if self._central is None else self._central.snapshot(identity)

    def plug(self, wiring: StationPlugWiring) -> PlugSnapshot | None:
        """Return what is known of a plug."""
        station = self.snapshot(wiring.identity)
        return None if station is None else station.plugs.get(wiring.number)

    @property
    def central(self) -> CentralSystem | None:
        """The central system, for what a person asks of a station; None while nobody can dial in."""
        return self._central

    @callback
    def command(self, wiring: StationPlugWiring, command: Command) -> None:
        """Tell a plug what it may draw; what a station that is away should know is kept for it."""
        if self._central is not None:
            setpoint = Setpoint(
                current=command.setpoint,
                fallback=command.fallback,
                lease=command.lease,
                phases=command.phases,
                clears_others=command.clears_others,
            )
            self._central.command(wiring.identity, wiring.number, setpoint)

    async def _open(self, port: PortWiring, wiring: Wiring) -> None:
        """Listen; where that cannot be, say why and leave everything else as it is."""
        try:
            tls = await self._hass.async_add_executor_job(_prepare, port)
        except (OSError, ssl.SSLError) as error:
            self._fail(f"The certificate {port.certificate} cannot be used: {error}")
            return
        self._known = dict(wiring.stations)
        central = CentralSystem(
            Options(
                stations={
                    identity: station.settings for identity, station in wiring.stations.items()
                },
                tls=tls,
                memory=self._memory,
            ),
            self._heard,
            self._knocked,
        )
        try:
            await central.start(host=port.host, port=port.port)
        except OSError as error:
            self._fail(f"Charging stations cannot dial in at {port.host}:{port.port}: {error}")
            return
        self._central = central

    def _fail(self, problem: str) -> None:
        self.problem = problem
        _LOGGER.error("%s", problem)

    @callback
    def _heard(self, event: Event) -> None:
        """Take note of what a station reported."""
        if event.change in NEWS:
            self._on_news()
        if event.change is Change.TOKEN_REFUSED:
            self._ask(event)
        if event.change in (Change.STATION, Change.BOOTED, Change.CONNECTED):
            self._note_station(event.station)

    @callback
    def _ask(self, event: Event) -> None:
        """Ask a person about a token that is not on the station's list."""
        known = self._known.get(event.station)
        if known is None or event.token is None:
            return
        plug = event.plug or self._waiting(event.station)
        subentry = self._entry.subentries[known.subentry_id]
        name = subentry.title
        if plug is not None and len(subentry.data[CONF_PLUGS]) > 1:
            name = f"{name} plug {plug}"
        self.questions.ask(
            Question(
                subentry_id=known.subentry_id,
                identity=event.station,
                plug=plug,
                token=event.token,
                name=name,
            )
        )

    def _waiting(self, identity: str) -> int | None:
        """Return the plug at which a token must have been shown, where there is but one."""
        station = self.snapshot(identity)
        return (
            next(iter(station.plugs)) if station is not None and len(station.plugs) == 1 else None
        )

    @callback
    def _knocked(self, attempt: Attempt) -> None:
        """Offer a station that nobody has accepted yet."""
        async_create_flow(
            self._hass,
            DOMAIN,
            context={"source": SOURCE_INTEGRATION_DISCOVERY},
            data={
                "entry_id": self._entry.entry_id,
                CONF_IDENTITY: attempt.identity,
                "address": attempt.address,
            },
        )

    def _note_station(self, identity: str) -> None:
        """Show what a station says it is, and add the plugs that its charger does not have yet."""
        known, station = self._known.get(identity), self.snapshot(identity)
        if known is None or station is None:
            return
        subentry = self._entry.subentries.get(known.subentry_id)
        if subentry is None:
            return
        _describe_device(self._hass, self._entry, known.subentry_id, station)
        self._respect(subentry, station)
        subentry = self._entry.subentries[subentry.subentry_id]
        plugs: list[Settings] = subentry.data[CONF_PLUGS]
        numbers = {plug[CONF_PLUG] for plug in plugs}
        more = [str(number) for number in sorted(station.plugs) if str(number) not in numbers]
        if more:
            added = [{**plugs[0], CONF_PLUG: number} for number in more]
            self._hass.config_entries.async_update_subentry(
                self._entry, subentry, data={**subentry.data, CONF_PLUGS: [*plugs, *added]}
            )
            if len(plugs) == 1:
                self._separate(subentry, plugs[0][CONF_PLUG])

    def _respect(self, charger: ConfigSubentry, station: StationSnapshot) -> None:
        """Make the lease as long as this kind of station needs it, for the sake of its memory.

        Whether it was found to switch phases is kept, too: the controller must know before it is heard.
        """
        learnt: dict[str, Any] = {}
        if station.least_lease is not None and charger.data[CONF_LEASE] < station.least_lease:
            learnt[CONF_LEASE] = station.least_lease
        switching = station.phase_switching
        is_open = CONF_PHASE_SWITCHING not in charger.data and switching is not None
        if is_open and charger.data.get(CONF_FOUND_SWITCHING) is not switching:
            learnt[CONF_FOUND_SWITCHING] = switching
        if learnt:
            self._hass.config_entries.async_update_subentry(
                self._entry, charger, data={**charger.data, **learnt}
            )

    def _separate(self, charger: ConfigSubentry, plug: str) -> None:
        """Make a device of its own of a plug that was one device with its charger.

        The ids of its entities were made from the charger's name; they get the plug's added.
        """
        registry, load_id = er.async_get(self._hass), load_id_of(charger.subentry_id, plug)
        begins = f"{slugify(charger.title)}_"
        for entity in er.async_entries_for_config_entry(registry, self._entry.entry_id):
            own = split_entity_id(entity.entity_id)[1]
            if entity.unique_id.startswith(f"{load_id}_") and own.startswith(begins):
                renamed = f"{entity.domain}.{begins}plug_{plug}_{own.removeprefix(begins)}"
                if not registry.async_is_registered(renamed):
                    registry.async_update_entity(entity.entity_id, new_entity_id=renamed)
        self._entry.async_create_task(
            self._hass,
            async_rebuild_entities(self._hass, self._entry),
            name="evenload plugs become devices",
        )


def _prepare(port: PortWiring) -> ssl.SSLContext | None:
    """Read what the central system needs from files; blocks."""
    schemas.preload()
    quirks.table()
    if port.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(port.certificate, port.key)
    return context


def _describe_device(
    hass: HomeAssistant, entry: ConfigEntry, subentry_id: str, station: StationSnapshot
) -> None:
    registry = dr.async_get(hass)
    device = registry.async_get_device_by_identifier((DOMAIN, subentry_id), entry.entry_id)
    if device is None:
        return
    about: dict[str, Any] = {
        "manufacturer": station.info.vendor,
        "model": station.info.model,
        "serial_number": station.info.serial,
        "sw_version": station.info.firmware,
    }
    said = {key: value for key, value in about.items() if value is not None}
    if said:
        registry.async_update_device(device.id, **said)
