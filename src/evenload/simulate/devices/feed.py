"""Where devices put what they report: the only thing that anyone outside the plant can see.

Keys are dotted names such as `grid.A`, `car.current.L1`, `boiler.on`. A report stays until the next
one of the same key; `fresh` holds what has come in since it was last emptied.
"""

from evenload.model.snapshot import Sample

type Value = float | bool | str
"""What a device reports: a number, a switch's state, or a word."""


class Feed:
    """The last report of everything, with its time."""

    __slots__ = ("fresh", "now", "samples", "values")

    def __init__(self) -> None:
        """Start with nothing ever reported."""
        self.now = 0.0
        """The plant's clock [s]."""
        self.values: dict[str, Value] = {}
        """The last report of every key."""
        self.samples: dict[str, Sample] = {}
        """The last report of every key that is a number, with its time."""
        self.fresh: dict[str, Value] = {}
        """What has been reported since this was last emptied."""

    def number(self, key: str, value: float) -> None:
        """Report a number."""
        self.samples[key] = Sample(value, self.now)
        self.values[key] = value
        self.fresh[key] = value

    def state(self, key: str, value: Value) -> None:
        """Report a word or a switch's state."""
        self.values[key] = value
        self.fresh[key] = value
