"""Write docs/reference/ocpp.md: what the central system understands and says, from the code that does it.

    uv run python scripts/write_ocpp_reference.py

A test holds the page to the code.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from evenload.ocpp.calls import Request
from evenload.ocpp.dialects import Dialect, dialect
from evenload.ocpp.dialects.face import MEASURANDS
from evenload.ocpp.nouns import Abilities, Fallback, RateUnit, Setpoint, Version
from evenload.ocpp.profiles import Target, Way, planned
from evenload.ocpp.quirks import Differences, Row, table
from evenload.ocpp.server.central import troubles_in_words
from evenload.ocpp.statuses import CHARGING_STATES, CONNECTOR_STATES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "ocpp.md"

INTRODUCTION = """\
# OCPP: what is supported

The central system that charging stations dial in to ([Connect a charger](../how-to/connect-a-charger.md)): OCPP 1.6J, 2.0.1 and 2.1
on one port, security profiles 0 (none), 1 (password) and 2 (password over TLS). A plug is a connector in 1.6, an EVSE in 2.x.
2.1 is spoken as 2.0.1 is; of what it adds, a setpoint also ends some time after the connection is lost (`maxOfflineDuration`)
where the station can do that.

This page is written by `scripts/write_ocpp_reference.py` from the code.
"""

HEARD = (
    "BootNotification",
    "Heartbeat",
    "StatusNotification",
    "Authorize",
    "StartTransaction",
    "StopTransaction",
    "TransactionEvent",
    "MeterValues",
    "NotifyChargingLimit",
    "ClearedChargingLimit",
    "ReportChargingProfiles",
    "NotifyReport",
    "NotifyEvent",
    "DataTransfer",
    "FirmwareStatusNotification",
    "DiagnosticsStatusNotification",
    "LogStatusNotification",
    "SecurityEventNotification",
)
"""Calls of stations that are worth a row."""

HEAD = f"| {{first}} | {' | '.join(f'`{version}`' for version in Version)} |"
RULE = "|---|" + "---|" * len(Version)

_START = datetime(2026, 1, 1, tzinfo=UTC)


def page() -> str:
    """Return the whole page."""
    parts = [
        INTRODUCTION,
        "## What stations may say\n",
        *heard_table(),
        "\nAnything else is answered with `NotImplemented`.\n",
        "## What they are asked and told\n",
        *said_table(),
        "\n## What their words for a plug mean\n",
        *words(),
        "\n## Troubles\n",
        "| trouble | what it means |",
        "|---|---|",
        *(f"| `{code}` | {sentence} |" for code, sentence in troubles_in_words().items()),
        "\n## Quirks\n",
        QUIRKS,
        "| name | is chosen for | differs | why | source |",
        "|---|---|---|---|---|",
        *(quirk(row) for row in table()),
        "",
    ]
    return "\n".join(parts)


QUIRKS = """\
What differs from maker to maker stands in `src/evenload/ocpp/quirks/table.toml`. Rows are chosen when a station boots, by patterns found
in what it says of itself; later rows win, and a person's own choice wins over all.
"""


def heard_table() -> Iterator[str]:
    """Yield which version lets stations say what."""
    yield HEAD.format(first="message")
    yield RULE
    for name in HEARD:
        known = [dialect(version).hear(name, {}) is not None for version in Version]
        yield f"| `{name}` | {' | '.join('yes' if each else '' for each in known)} |"


def said_table() -> Iterator[str]:
    """Yield by which message each thing is said."""
    yield HEAD.format(first="for")
    yield RULE
    by_version = [said(dialect(version)) for version in Version]
    for name in by_version[0]:
        yield f"| {name} | {' | '.join(f'`{each[name]}`' for each in by_version)} |"


def said(speaker: Dialect) -> dict[str, str]:
    """Return the action for each purpose."""
    setpoint = Setpoint(current=10.0, fallback=6.0, lease=180.0)
    way = Way(Fallback.TWO_PERIODS, RateUnit.A)
    (profile,) = planned(setpoint, way, Differences(), Target(plug=1, station_time=_START))
    requests: dict[str, Request | Iterable[Request]] = {
        "a setpoint, and the limit of the station": speaker.set_profile(profile),
        "checking what it will follow": speaker.schedule(1, RateUnit.A),
        "removing others' profiles, after ours": speaker.clear_others(1, profile, 8),
        "finding out what it supports": speaker.discover(),
        "meter values": speaker.configure(MEASURANDS, 10.0, Abilities()),
        "reading a setting": speaker.read_setting("Component/Variable"),
        "asking for a message": speaker.trigger("MeterValues", 1),
        "taking a plug into service": speaker.set_available(1),
        "starting a transaction": speaker.start(1, "token", 1),
        "ending one": speaker.stop(1, "1"),
        "restarting": speaker.reset(hard=False),
        "unlocking the cable": speaker.unlock(1),
    }
    return {
        name: each.action if isinstance(each, Request) else next(iter(each)).action
        for name, each in requests.items()
    }


def words() -> Iterator[str]:
    """Yield the table of statuses and charging states."""
    yield "| word | where | means |"
    yield "|---|---|---|"
    for word, state in CONNECTOR_STATES.items():
        yield f"| `{word}` | connector | {state} |"
    for word, state in CHARGING_STATES.items():
        yield f"| `{word}` | transaction (2.x) | {state} |"


def quirk(row: Row) -> str:
    """Return a row of the table of quirks."""
    patterns = {"vendor": row.vendor, "model": row.model, "firmware": row.firmware}
    chosen = ", ".join(f"{name} `{each}`" for name, each in patterns.items() if each)
    differs = ", ".join(f"{name}: {value}" for name, value in row.differs.items())
    cells = (row.name, chosen, differs, row.why, row.source)
    return f"| {' | '.join(cell.replace('|', '\\|') for cell in cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
