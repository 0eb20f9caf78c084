"""What a charging station was found to be and to support, for its dialogue and its sensor."""

from typing import Any, Final

from evenload.ocpp.nouns import StationSnapshot

NOT_HEARD: Final = "-"
"""Nothing is known yet."""


def found(station: StationSnapshot) -> dict[str, Any]:
    """Return what is known of a station; what it has not said is left out."""
    abilities = station.abilities
    units = abilities.rate_units
    known: dict[str, Any] = {
        "version": station.version,
        "plugs": len(station.plugs),
        "smart_charging": abilities.smart_charging,
        "units": None if units is None else ", ".join(units),
        "periods": abilities.most_periods,
        "stack_levels": abilities.highest_stack,
        "profiles": abilities.most_profiles,
        "phase_switching": station.phase_switching,
        "ends_offline": abilities.offline_limit,
        "measurands": None if abilities.measurands is None else ", ".join(abilities.measurands),
        "meter_interval": abilities.meter_interval,
        "fallback": {
            str(number): plug.fallback
            for number, plug in station.plugs.items()
            if plug.fallback is not None
        }
        or None,
        "quirks": ", ".join(station.quirks) or None,
        "clock_ahead": None if station.clock_ahead is None else round(station.clock_ahead),
    }
    return {name: value for name, value in known.items() if value is not None}


def found_in_words(station: StationSnapshot | None) -> str:
    """Return what is known of a station as a list, a line each."""
    if station is None or station.version is None:
        return NOT_HEARD
    return "\n".join(f"- {name}: {_word(value)}" for name, value in found(station).items())


def _word(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case dict():
            return ", ".join(f"{plug}: {form}" for plug, form in value.items())
        case _:
            return str(value)
