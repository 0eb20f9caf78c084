"""What the entry's preferences mean for the library's controller."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigSubentry

from evenload.model.control import (
    ControlSettings,
    FuseKind,
    ImportAverage,
    LoadControl,
    PhaseSwitching,
    Preset,
    Protection,
    Window,
)
from evenload.model.site import Kind

from .const import (
    CONF_AVERAGE_FOLLOWS_PEAK,
    CONF_AVERAGE_LIMIT,
    CONF_AVERAGE_WINDOW,
    CONF_CONTROL,
    CONF_EXPORT_LIMIT,
    CONF_FUSE_KIND,
    CONF_IDENTITY,
    CONF_LEASE,
    CONF_MANUAL_OVERRIDE,
    CONF_METER_TIMEOUT,
    CONF_MIN_OFF,
    CONF_MIN_ON,
    CONF_PHASES_ENTITY,
    CONF_PLUG,
    CONF_PLUGS,
    CONF_PRESET,
    CONF_PROTECTION,
    CONF_SAFE_CURRENT,
    DEFAULT_LEASE,
    SUBENTRY_CHARGER,
    SUBENTRY_LOAD,
)
from .station_manner import switches_phases

type Settings = Mapping[str, Any]
"""Stored settings; a form's selectors have checked the types of their values."""


def load_id_of(subentry_id: str, plug: str | None = None) -> str:
    """Return the id by which the library knows a load, or a plug of a charger."""
    return subentry_id if plug is None else f"{subentry_id}_{plug}"


def control_settings(
    options: Settings, subentries: Mapping[str, ConfigSubentry]
) -> ControlSettings:
    """Return how the controller of this entry behaves."""
    preset = Preset(options.get(CONF_PRESET, Preset.BALANCED))
    loads: dict[str, LoadControl] = {}
    for subentry in subentries.values():
        loads.update(_load_controls(subentry, preset))
    defaults = ControlSettings()
    return ControlSettings(
        control=options.get(CONF_CONTROL, False),
        preset=preset,
        protection=Protection(options.get(CONF_PROTECTION, Protection.STRICT)),
        fuse_kind=_fuse_kind(options),
        import_average=_import_average(options),
        export_limit=options.get(CONF_EXPORT_LIMIT),
        manual_override=options.get(CONF_MANUAL_OVERRIDE, defaults.manual_override),
        meter_timeout=float(options.get(CONF_METER_TIMEOUT, defaults.meter_timeout)),
        loads=loads,
    )


def _fuse_kind(options: Settings) -> FuseKind | None:
    # A choice in a dialogue may have small letters only.
    chosen = options.get(CONF_FUSE_KIND)
    return next((kind for kind in FuseKind if kind.lower() == chosen), None)


def _import_average(options: Settings) -> ImportAverage | None:
    limit = options.get(CONF_AVERAGE_LIMIT)
    if limit is None:
        return None
    return ImportAverage(
        limit=float(limit),
        window=Window(options.get(CONF_AVERAGE_WINDOW, Window.QUARTER)),
        follows_peak=options.get(CONF_AVERAGE_FOLLOWS_PEAK, False),
    )


def _load_controls(subentry: ConfigSubentry, preset: Preset) -> Iterator[tuple[str, LoadControl]]:
    if subentry.subentry_type == SUBENTRY_LOAD:
        yield (
            load_id_of(subentry.subentry_id),
            replace(
                # All kinds but cars begin alike.
                LoadControl.of_kind(Kind.SWITCH, preset),
                min_on=float(subentry.data[CONF_MIN_ON]),
                min_off=float(subentry.data[CONF_MIN_OFF]),
            ),
        )
        return
    if subentry.subentry_type != SUBENTRY_CHARGER:
        return
    for plug in subentry.data[CONF_PLUGS]:
        yield (
            load_id_of(subentry.subentry_id, plug[CONF_PLUG]),
            replace(
                LoadControl.of_kind(Kind.EV, preset),
                safe_current=float(plug[CONF_SAFE_CURRENT]),
                lease=_lease(subentry.data),
                phase_switching=PhaseSwitching() if _switches(subentry.data, plug) else None,
            ),
        )


def _switches(charger: Settings, plug: Settings) -> bool:
    """Return whether a plug can give its car one phase or three."""
    if CONF_IDENTITY in charger:
        return switches_phases(charger)
    return CONF_PHASES_ENTITY in plug


def _lease(charger: Settings) -> float | None:
    """Return after how long a charger falls back by itself; one behind entities does not."""
    return float(charger.get(CONF_LEASE, DEFAULT_LEASE)) if CONF_IDENTITY in charger else None
