"""The one place where the central system reads clocks."""

import time
from datetime import UTC, datetime

from evenload.ocpp.nouns import Moment


def present() -> Moment:
    """Return this instant."""
    return Moment(time.monotonic(), datetime.now(UTC))
