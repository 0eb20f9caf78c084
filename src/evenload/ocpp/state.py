"""Everything that is known of one station, and what must survive a restart of ours."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from evenload.ocpp.clock import StationClock
from evenload.ocpp.nouns import (
    Abilities,
    Change,
    Event,
    Session,
    StationInfo,
    TroubleCode,
    Version,
)
from evenload.ocpp.plug import EnergyCount, Plug, PlugSettings
from evenload.ocpp.quirks import Differences, Pause, differences
from evenload.ocpp.tokens import Guests, may_charge
from evenload.ocpp.transactions import Archive, TransactionIds

MOST_PLUGS = 32
"""Plugs of one station that are believed."""
_MOST_EVENTS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StationSettings:
    """What a person says of a station; `check_settings` tells what is wrong with it."""

    password: str | None = field(default=None, repr=False)
    """As text or hexadecimal; None: none is asked for."""
    tokens: frozenset[str] | None = field(default=None, repr=False)
    """Who may charge; None: everybody."""
    max_current: float | None = None
    """Of all plugs together, set in the station once as a second belt [A per phase]; None: not set."""
    meter_interval: float = 10.0
    """Between two meter values while a car charges [s]."""
    heartbeat: int = 60
    """Between two heartbeats [s]."""
    phases: int = 3
    """Legs of plugs of which nothing is said in `plugs`."""
    plugs: Mapping[int, PlugSettings] = field(default_factory=dict[int, PlugSettings])
    overrides: Mapping[str, object] = field(default_factory=dict[str, object])
    """Fields of `Differences` in which this station is spoken to in another way."""

    def plug(self, number: int) -> PlugSettings:
        """Return what holds for a plug."""
        return self.plugs.get(number, PlugSettings(phases=self.phases))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlugRecord:
    """What survives of a plug."""

    session: Session | None = None
    register: float | None = None
    """The meter's register when it was read last [Wh]."""
    phases: int | None = None
    """How many phases it was told to give last; None: never told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRecord:
    """What survives of a station."""

    version: Version | None = None
    info: StationInfo = field(default_factory=StationInfo)
    plugs: Mapping[int, PlugRecord] = field(default_factory=dict[int, PlugRecord])


class StationState:
    """One station, as its messages and answers have shaped it."""

    def __init__(
        self, identity: str, settings: StationSettings, ids: TransactionIds, record: StationRecord
    ) -> None:
        """Go on from what was recorded."""
        self.identity = identity
        self.settings = settings
        self.ids = ids
        self.info = record.info
        self.abilities = Abilities()
        self.clock = StationClock()
        self.archive = Archive()
        self.plugs: dict[int, Plug] = {}
        self.troubles: set[TroubleCode] = set()
        self.events: list[Event] = []
        self.differences = Differences()
        self.quirks: tuple[str, ...] = ()
        self.guests = Guests()
        self.learn_info(record.info)
        for number, kept in record.plugs.items():
            self._restore(number, kept)

    def learn_info(self, info: StationInfo) -> None:
        """Take what a station says it is, and the quirks that follow."""
        self.info = info
        self.differences, self.quirks = differences(info, self.settings.overrides)

    def set_settings(self, settings: StationSettings) -> None:
        """Take other settings; what they change in how it is spoken to is told anew."""
        before, self.settings = self.differences, settings
        self.learn_info(self.info)
        for plug in self.plugs.values():
            plug.settings = settings.plug(plug.number)
            if self.differences != before:
                plug.limit.told_again()
        self.tell(Change.STATION)

    def plug(self, number: int | None) -> Plug | None:
        """Return a plug, a new one where the station mentions it first; None: there is none such."""
        if number is None or not 1 <= number <= MOST_PLUGS:
            return None
        found = self.plugs.get(number)
        if found is None:
            found = self.plugs[number] = Plug(number, self.settings.plug(number))
            self.tell(Change.STATION)
            self.tell(Change.MEMORY)
        return found

    def plug_of(self, transaction: str | None) -> Plug | None:
        """Return the plug whose present transaction this is."""
        return next(
            (
                plug
                for plug in self.plugs.values()
                if plug.session is not None and plug.session.id == transaction
            ),
            None,
        )

    def tell(
        self,
        change: Change,
        plug: int | None = None,
        *,
        session: Session | None = None,
        token: str | None = None,
    ) -> None:
        """Note an event; the same change of a plug that waits already is told once."""
        event = Event(change=change, station=self.identity, plug=plug, session=session, token=token)
        if event not in self.events and len(self.events) < _MOST_EVENTS:
            self.events.append(event)
        if change is Change.SESSION_ENDED and session is not None:
            self.guests.leave(session.id)

    def set_trouble(self, code: TroubleCode, *, present: bool) -> None:
        """Begin or end a trouble of the station."""
        if (code in self.troubles) is present:
            return
        (self.troubles.add if present else self.troubles.discard)(code)
        self.tell(Change.STATION)

    def may_charge(self, token: str, session: str | None = None) -> bool:
        """Return whether a token may charge, in this session where it has begun one."""
        return may_charge(token, self.settings.tokens, self.guests, session)

    @property
    def switches_phases(self) -> bool | None:
        """Whether its plugs can give one phase or three; None: not known.

        What it says counts only where a limit of 0 is a pause: the way to another number leads over one.
        """
        if self.differences.phase_switching is not None:
            return self.differences.phase_switching
        if self.differences.pause is not Pause.ZERO:
            return False
        return self.abilities.phase_switching

    def record(self, version: Version | None) -> StationRecord:
        """Return what must survive."""
        return StationRecord(
            version=version,
            info=self.info,
            plugs={
                number: PlugRecord(
                    session=plug.session,
                    register=plug.count.last,
                    phases=plug.limit.switch.given,
                )
                for number, plug in self.plugs.items()
            },
        )

    def _restore(self, number: int, kept: PlugRecord) -> None:
        plug = self.plug(number)
        if plug is None:
            return
        plug.limit.switch.given = kept.phases
        if kept.session is None:
            return
        plug.session = replace(kept.session)
        plug.count = EnergyCount(last=kept.register, total=kept.session.energy)
        self.ids.adopt(kept.session.id)
