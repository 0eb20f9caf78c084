"""What every device needs to know of the present second."""

import random
import zlib


class Moment:
    """The plant's clocks and the voltage; one object, moved on every second.

    The control clock counts real seconds: ramps, lags and delays follow it. The environment's clock
    may run faster: the sun, temperatures and states of charge follow that one.
    """

    __slots__ = (
        "environment",
        "hours",
        "irradiance",
        "outdoor_temperature",
        "powered",
        "second",
        "voltages",
    )

    def __init__(self, *, environment: float, speed: float, voltages: list[float]) -> None:
        """Start one second before the first; `environment` counts from the first day's midnight."""
        self.second = -1
        """The control clock [s]."""
        self.environment = environment - speed
        """The environment's clock [s after midnight of the first day]."""
        self.hours = speed / 3600.0
        """How long one second counts for energies that are stored [h]."""
        self.powered = True
        """Whether the main fuse still holds."""
        self.outdoor_temperature = 10.0
        """[degC]"""
        self.irradiance = 0.0
        """On the horizontal [W/m2]."""
        self.voltages = voltages
        """Phase to neutral, in the order of the site's phases [V]."""

    def advance(self) -> None:
        """Move on by one second."""
        self.second += 1
        self.environment += self.hours * 3600.0


def generator(seed: int, *names: object) -> random.Random:
    """Return a source of chance of its own for what is named, the same for the same seed."""
    text = ":".join(str(name) for name in names)
    return random.Random(seed * 0x1_0000_0000 + zlib.crc32(text.encode()))  # noqa: S311 - no secret
