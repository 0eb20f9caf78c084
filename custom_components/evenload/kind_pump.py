"""Something behind a switch that is to run for so long each day: a pool pump, a circulation, a fan."""

from typing import Any, override

import probatio
from homeassistant.const import UnitOfTime
from homeassistant.core import HomeAssistant
from homeassistant.helpers.selector import TimeSelector

from evenload.model.need import DAY, Runtime

from .const import CONF_DAILY_RUNTIME, CONF_WINDOW_END, CONF_WINDOW_START
from .fields import Fields, number, opened
from .flow_errors import FormErrors
from .kind_switch import SwitchKind
from .preferences import Settings
from .times import seconds_in

SECTION_RUNTIME = "runtime"
HOUR = 3600.0


class PumpKind(SwitchKind):
    """Asks for something that is to run for so long each day."""

    name = "pump"

    @override
    def fields(self) -> Fields:
        return super().fields() | {
            probatio.Required(SECTION_RUNTIME): opened(
                {
                    probatio.Required(CONF_DAILY_RUNTIME, default=4): number(
                        0, 24, UnitOfTime.HOURS, step=0.25
                    ),
                    probatio.Optional(CONF_WINDOW_START): TimeSelector(),
                    probatio.Optional(CONF_WINDOW_END): TimeSelector(),
                }
            )
        }

    @override
    def check(self, hass: HomeAssistant, answers: Settings, errors: FormErrors) -> None:
        wanted = _runtime(answers)
        length = (wanted.window_end - wanted.window_start) % DAY or DAY
        if wanted.daily > length:
            errors.add(CONF_DAILY_RUNTIME, "window_too_short", f"{length / HOUR:g} h")

    @override
    def control(self, data: Settings) -> dict[str, Any]:
        return {"runtime": _runtime(data)}


def _runtime(data: Settings) -> Runtime:
    return Runtime(
        daily=HOUR * float(data[CONF_DAILY_RUNTIME]),
        window_start=seconds_in(data.get(CONF_WINDOW_START)) or 0.0,
        window_end=seconds_in(data.get(CONF_WINDOW_END)) or 0.0,
    )


PUMP = PumpKind()
