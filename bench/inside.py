"""What `cut.py` puts into Home Assistant's process: one that notes passes, and one that disturbs.

A limit that reaches a station tells not which report it answers: news of a station or the tick may have
made the pass that commanded it. So each pass of the controller is noted, with the newest report of the
meter that it saw and what it commanded.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PASSES = "passes.jsonl"
NOTE_PASSES = '''"""Write down each pass of the controller."""

import json

from custom_components.evenload.history import History


async def async_setup(hass, config):
    path = hass.config.path("passes.jsonl")
    notes = await hass.async_add_executor_job(lambda: open(path, "w", buffering=1))
    add = History.add

    def add_and_note(history, snapshot, decision):
        add(history, snapshot, decision)
        name = snapshot.site.name_of
        notes.write(json.dumps({
            "at": decision.at,
            "saw": max((each.at for each in snapshot.grid.values()), default=0.0),
            "commands": {name(each.load): each.setpoint for each in decision.commands},
        }) + "\\n")

    History.add = add_and_note
    return True
'''
HOLD_UP = '''"""Hold Home Assistant's loop up, over and over."""

from threading import Event


async def async_setup(hass, config):
    def hold():
        Event().wait(0.3)
        hass.loop.call_later(0.2, hold)

    hass.loop.call_later(40.0, hold)
    return True
'''


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One pass of the controller."""

    at: float
    """[s, monotonic]"""
    is_of_report: bool
    """Whether it is the first that saw a report of the meter."""
    saw: float
    """When that report had come in [s, monotonic]."""
    commands: Mapping[str, float]
    """Setpoints by the plug's name, `garage-1/2` [A]."""


def add_integration(folder: Path, name: str, source: str) -> None:
    """Add an integration to the configuration in `folder`, beside Evenload."""
    domain = f"evenload_bench_{name}"
    integration = folder / "custom_components" / domain
    integration.mkdir()
    (integration / "__init__.py").write_text(source)
    manifest = {"domain": domain, "name": name, "version": "1.0.0", "codeowners": []}
    (integration / "manifest.json").write_text(json.dumps(manifest))
    with (folder / "configuration.yaml").open("a") as settings:
        settings.write(f"{domain}: {{}}\n")


def read_passes(folder: Path) -> list[Pass]:
    """Return the passes that were noted, oldest first."""
    passes: list[Pass] = []
    for line in _whole_lines(folder / PASSES):
        noted = json.loads(line)
        found = Pass(
            at=noted["at"],
            is_of_report=not passes or noted["saw"] > passes[-1].saw,
            saw=noted["saw"],
            commands={
                name.replace(" plug ", "/"): each for name, each in noted["commands"].items()
            },
        )
        passes.append(found)
    return passes


def _whole_lines(path: Path) -> Iterable[str]:
    """Return the lines of a file that is still written to."""
    return [line for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
