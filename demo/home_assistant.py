"""Run Home Assistant for the demo: the real one, with the arguments of its own command `hass`.

It differs from `hass` in two ways. It leaves out what listens, speaks and films, because that
needs packages that must be compiled, for which a machine may have no compiler; and what reports or
saves to elsewhere, because that needs a network. The demo shows none of it. And it ends when its standard input does, so that it never outlives the launcher that
holds the other end; then it removes its configuration, which nobody else is left to do.
"""

import os
import shutil
import signal
import sys
import threading
import time
from functools import cache
from importlib import import_module
from types import ModuleType

from homeassistant import __main__, bootstrap
from homeassistant.helpers import service

LEFT_OUT = frozenset(
    {
        "ai_task",
        "analytics",
        "assist_satellite",
        "backup",
        "camera",
        "conversation",
        "image_processing",
        "infrared",
        "radio_frequency",
        "stt",
        "tts",
        "wake_word",
    }
)
"""Parts that Home Assistant starts by default and the demo does without."""

FEATURED = (
    "alarm_control_panel",
    "calendar",
    "climate",
    "cover",
    "fan",
    "humidifier",
    "light",
    "lock",
    "media_player",
    "notify",
    "remote",
    "siren",
    "todo",
    "update",
    "vacuum",
    "water_heater",
)
"""Parts whose features the descriptions of actions may name; Home Assistant's list less `LEFT_OUT`."""

PATIENCE = 20.0
"""How long Home Assistant may take to end by itself [s]."""


abandoned = threading.Event()
"""Set when the launcher has gone without ending this process."""


def end_with_standard_input() -> None:
    """Wait until whoever started this process closes its standard input, then end the process."""
    while os.read(sys.stdin.fileno(), 1024):
        pass
    abandoned.set()
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(PATIENCE)
    os._exit(1)


@cache
def featured_components() -> dict[str, ModuleType]:
    """Return the parts in `FEATURED` by name."""
    return {name: import_module(f"homeassistant.components.{name}") for name in FEATURED}


def main() -> int:
    """Run Home Assistant until it is stopped; return its exit code."""
    bootstrap.DEFAULT_INTEGRATIONS -= LEFT_OUT
    # Home Assistant imports all of its list, needed or not, before it shows the first page.
    service._base_components = featured_components  # noqa: SLF001 there is no public way
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    exit_code = __main__.main()
    if abandoned.is_set():
        shutil.rmtree(__main__.get_arguments().config)
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
