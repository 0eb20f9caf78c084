"""What the simulated house says of itself when one connects: its devices and their values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """What a value is in Home Assistant."""

    SENSOR = "sensor"
    BINARY_SENSOR = "binary_sensor"
    NUMBER = "number"
    SWITCH = "switch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One thing of the house."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value that a device reports or that can be set."""

    key: str
    """As in reports: `grid.A`."""
    part: Part
    device: Device
    name: str
    unit: str | None = None
    device_class: str | None = None
    options: Sequence[str] | None = None
    """What an enumeration may say."""
    minimum: float = 0.0
    """Of a number."""
    maximum: float = 100.0
    step: float = 1.0
    fault: str | None = None
    """Of a switch that makes the house misbehave: the fault's key."""


FUSE = "fuse"
"""The id of the main fuse's device."""

RATING = "fuse.rating"
"""The key of the main fuse's rating, which no report brings because it never changes."""

FAULTS = Device(id="faults", name="Demo switches")
"""A device of our own for what a real house does not have."""


def read_description(message: Mapping[str, Any]) -> tuple[Value, ...]:
    """Return every value that the house's `describe` message names."""
    devices = {each["id"]: Device(id=each["id"], name=each["name"]) for each in message["devices"]}
    sensors = (_sensor(each, devices[each["device"]]) for each in message["sensors"])
    controls = (_control(each, devices[each["device"]]) for each in message["controls"])
    faults = (_fault(each) for each in message["faults"])
    return (*sensors, _rating(devices[FUSE]), *controls, *faults)


def rating_of(message: Mapping[str, Any]) -> float:
    """Return the main fuse's rating [A], the lowest of its phases."""
    return min(float(rating) for rating in message["site"]["fuse"].values())


def _sensor(given: Mapping[str, Any], device: Device) -> Value:
    return Value(
        key=given["key"],
        part=Part.BINARY_SENSOR if given.get("kind") == "boolean" else Part.SENSOR,
        device=device,
        name=given["name"],
        unit=given.get("unit"),
        device_class=given.get("device_class"),
        options=given.get("options"),
    )


def _rating(device: Device) -> Value:
    return Value(
        key=RATING,
        part=Part.SENSOR,
        device=device,
        name="Rating",
        unit="A",
        device_class="current",
    )


def _control(given: Mapping[str, Any], device: Device) -> Value:
    if given["kind"] == "switch":
        return Value(key=given["key"], part=Part.SWITCH, device=device, name=given["name"])
    return Value(
        key=given["key"],
        part=Part.NUMBER,
        device=device,
        name=given["name"],
        unit=given.get("unit"),
        device_class=given.get("device_class"),
        minimum=given["minimum"],
        maximum=given["maximum"],
        step=given["step"],
    )


def _fault(given: Mapping[str, Any]) -> Value:
    return Value(
        key=f"fault.{given['key']}",
        part=Part.SWITCH,
        device=FAULTS,
        name=given["name"],
        fault=given["key"],
    )
