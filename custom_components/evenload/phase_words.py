"""The words with which chargers say that a car gets one phase or three."""

import re
from collections.abc import Iterable

_WORDS = {"one": 1, "single": 1, "mono": 1, "three": 3, "tri": 3}
_NUMBER = re.compile(r"(?<!\d)([13])(?!\d)")


def phases_meant(text: str) -> int | None:
    """Return how many phases a state or option means: 1, 3, or None where it means neither."""
    number = _NUMBER.search(text)
    if number is not None:
        return int(number[1])
    words = re.split(r"[\W_]+", text.casefold())
    return next((_WORDS[word] for word in words if word in _WORDS), None)


def option_for(options: Iterable[str], phases: int) -> str | None:
    """Return the option that gives so many phases; None where none does."""
    return next((option for option in options if phases_meant(option) == phases), None)
