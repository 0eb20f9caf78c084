"""Times of day as dialogues give them, `18:00:00`, and as the library has them."""

from datetime import time


def seconds_in(text: str | None) -> float | None:
    """Return the seconds after midnight of a time of day; None stays None."""
    if text is None:
        return None
    moment = time.fromisoformat(text)
    return moment.hour * 3600.0 + moment.minute * 60.0 + moment.second
