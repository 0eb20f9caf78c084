"""What the keys of `plant:` share: kinds of numbers, times of day, and how strict a part is."""

import datetime as dt
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

_MINUTES_PER_DAY = 1440


def seconds_of_day(value: object) -> object:
    """Return the seconds after midnight of `"17:30"` or `"17:30:15"`.

    YAML reads an unquoted 17:30 as the number 1050 (base sixty), so whole numbers are minutes.
    Anything else is returned as it came, for the schema to refuse.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MINUTES_PER_DAY:
        return value * 60
    if isinstance(value, str):
        try:
            moment = dt.time.fromisoformat(value)
        except ValueError as error:
            raise ValueError('a time of day such as "17:30" is needed') from error
        return moment.hour * 3600 + moment.minute * 60 + moment.second
    return value


# Strict: neither text nor a truth value passes for a number.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
TimeOfDay = Annotated[Whole, BeforeValidator(seconds_of_day), Field(ge=0, lt=86400)]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Percent = Annotated[Number, Field(ge=0, le=100)]


class Part(BaseModel):
    """A part of the plant: frozen, unknown keys refused, no infinities."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
