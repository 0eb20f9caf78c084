"""What the keys of `plant:` share: kinds of numbers, times of day, and how strict a part is."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, Strict

# Strict: neither text nor a truth value passes for a number.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Share = Annotated[Number, Field(ge=0, le=1)]
Percent = Annotated[Number, Field(ge=0, le=100)]


class Part(BaseModel):
    """A part of the plant: frozen, unknown keys refused, no infinities."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )
