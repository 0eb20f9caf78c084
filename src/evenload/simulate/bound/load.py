"""A load as the bound sees it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundedLoad:
    """What binds one load; arrays have one value a slot."""

    lowest: Floats
    """What it draws at least while it runs [W]."""
    highest: Floats
    """What it draws at most [W]; 0 where it is away."""
    room: Floats | None = None
    """The most it can have taken by the end of each slot, since the beginning [Wh]; None: no limit."""
    min_on: float = 0.0
    """[s]"""
    min_off: float = 0.0
    """[s]"""
    starts: int | None = None
    """Most starts in any day that begins with slot 0; None: no limit."""
    settle: float = 0.0
    """At a start and at a stop it may draw less than `lowest` for this long [s]: ramps, late legs."""
    pause: float = 0.0
    """Within a run it may draw nothing for this long in any slot [s]: a charger that switches phases."""

    @property
    def is_free(self) -> bool:
        """Return whether it may run and rest in any second."""
        return self.starts is None and self.min_on <= 0.0 and self.min_off <= 0.0
