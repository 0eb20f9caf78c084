"""What a virtual station asks of a version of OCPP."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from evenload.ocpp.frames import Call
from evenload.simulate.stations.behaviour import VOLTAGE
from evenload.simulate.stations.plug import PlugState, Running, VirtualPlug
from evenload.simulate.stations.profiles import composite
from evenload.units import power_of

if TYPE_CHECKING:
    from evenload.simulate.stations.station import VirtualStation


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message of the station's own."""

    action: str
    payload: dict[str, object]
    must_arrive: bool = False
    """Whether it is about a transaction, and so kept until it is answered."""
    running: Running | None = None


class Speech(Protocol):
    """One version of OCPP, spoken by a station."""

    @property
    def meter_interval(self) -> float:
        """Between two meter values [s]."""
        ...

    @property
    def heartbeat_interval(self) -> float:
        """Between two heartbeats [s]."""
        ...

    def boot(self) -> Said:
        """Return the message of a station that has started."""
        ...

    def heartbeat(self) -> Said:
        """Return the message of a station that has nothing to say."""
        ...

    def changed(self, plug: VirtualPlug, before: PlugState | None) -> tuple[Said, ...]:
        """Return what is said of a plug whose state has changed."""
        ...

    def metered(self, plug: VirtualPlug) -> Said:
        """Return a plug's meter values."""
        ...

    def started(self, plug: VirtualPlug, running: Running) -> Said:
        """Return the beginning of a transaction."""
        ...

    def stopped(self, plug: VirtualPlug, running: Running, reason: str) -> Said | None:
        """Return the end of a transaction."""
        ...

    def completed(self, said: Said) -> dict[str, object]:
        """Return a message's payload with what was not known when it was lined up."""
        ...

    def answered(self, said: Said, payload: Mapping[str, object]) -> None:
        """Take the central system's answer."""
        ...

    def handle(self, call: Call) -> dict[str, object] | None:
        """Do what the central system asks and return the answer; None: not known."""
        ...


def written_time(moment: datetime) -> str:
    """Return a time as OCPP writes it, with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def samples(
    plug: VirtualPlug, wanted: tuple[str, ...], *, phases: int, tells_soc: bool
) -> list[tuple[str, str | None, float, str]]:
    """Return measurand, leg, value and unit of everything a plug measures and is asked for."""
    outlet = plug.outlet
    found: list[tuple[str, str | None, float, str]] = [
        ("Energy.Active.Import.Register", None, round(plug.register, 1), "Wh"),
        ("Power.Active.Import", None, round(outlet.power, 1), "W"),
        ("Current.Offered", None, round(plug.offered, 1), "A"),
    ]
    for leg, current in enumerate(outlet.draws[:phases], 1):
        found.append(("Current.Import", f"L{leg}", round(current, 2), "A"))
        found.append(("Voltage", f"L{leg}-N", VOLTAGE, "V"))
    if tells_soc:
        found.append(("SoC", None, round(outlet.soc, 1), "Percent"))
    return [each for each in found if each[0] in wanted]


def scheduled(
    station: VirtualStation, plug: VirtualPlug, seconds: int, unit: str
) -> list[dict[str, object]]:
    """Return the periods of a composite schedule: from when [s], and the limit in A or W."""
    behaviour = station.behaviour
    limits = composite(
        station.profiles,
        plug.number,
        station.time,
        plug.running.began if plug.running is not None else None,
        phases=behaviour.phases,
        seconds=seconds,
        most=behaviour.max_current,
    )
    factor = 1.0 if unit == "A" else power_of(1.0, [VOLTAGE] * behaviour.phases)
    return [{"startPeriod": start, "limit": round(limit * factor, 1)} for start, limit in limits]
