"""What survives a restart, as plain data for a file; what cannot be read is begun anew.

A file that is damaged, or of another form, costs sessions their names and energies and nothing else:
transaction ids stay unique by the clock, and what runs is adopted from what stations say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from evenload.ocpp.lenient import fields, instant, number, text, whole
from evenload.ocpp.nouns import Session, StationInfo, Version
from evenload.ocpp.state import PlugRecord, StationRecord

_FORM = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Everything that survives."""

    last_transaction: int = 0
    stations: Mapping[str, StationRecord] = field(default_factory=dict[str, StationRecord])


def as_data(memory: Memory) -> dict[str, object]:
    """Return memory as data of JSON."""
    return {
        "form": _FORM,
        "last_transaction": memory.last_transaction,
        "stations": {name: _station_data(record) for name, record in memory.stations.items()},
    }


def from_data(data: object) -> Memory:
    """Return memory from data of JSON, as much of it as makes sense."""
    given = fields(data)
    if given.get("form") != _FORM:
        return Memory()
    return Memory(
        last_transaction=whole(given.get("last_transaction")) or 0,
        stations={
            name: _station(fields(record)) for name, record in fields(given.get("stations")).items()
        },
    )


def _station_data(record: StationRecord) -> dict[str, object]:
    info = record.info
    return {
        "version": record.version,
        "vendor": info.vendor,
        "model": info.model,
        "serial": info.serial,
        "firmware": info.firmware,
        "plugs": {
            str(plug): {
                "register": kept.register,
                "phases": kept.phases,
                "session": None if kept.session is None else _session_data(kept.session),
            }
            for plug, kept in record.plugs.items()
        },
    }


def _session_data(session: Session) -> dict[str, object]:
    return {
        "id": session.id,
        "began": session.began.isoformat(),
        "token": session.token,
        "energy": session.energy,
        "ended": _iso(session.ended),
        "end_reason": session.end_reason,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _station(given: Mapping[str, object]) -> StationRecord:
    version = text(given.get("version"))
    return StationRecord(
        version=Version(version) if version in Version else None,
        info=StationInfo(
            vendor=text(given.get("vendor")),
            model=text(given.get("model")),
            serial=text(given.get("serial")),
            firmware=text(given.get("firmware")),
        ),
        plugs={
            plug: PlugRecord(
                register=number(fields(kept).get("register")),
                phases=whole(fields(kept).get("phases")),
                session=_session(fields(fields(kept).get("session"))),
            )
            for name, kept in fields(given.get("plugs")).items()
            if (plug := whole(name)) is not None
        },
    )


def _session(given: Mapping[str, object]) -> Session | None:
    identifier, began = text(given.get("id"), 36), instant(given.get("began"))
    if identifier is None or began is None:
        return None
    return Session(
        id=identifier,
        began=began,
        token=text(given.get("token")),
        energy=number(given.get("energy")) or 0.0,
        ended=instant(given.get("ended")),
        end_reason=text(given.get("end_reason")),
    )
