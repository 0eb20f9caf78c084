"""Changes to what is remembered: as `dataclasses.replace`, at a sixth of its cost.

A pass makes a dozen of them, of nouns with dozens of fields. `dataclasses.replace` looks at every
field and goes through the constructor, which of a frozen noun sets each field by a call. A noun
that keeps its fields in a dictionary, that is one without slots, can be copied in one go instead.
That is why the nouns of `state` have no slots.
"""

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_new = object.__new__


def replace[Noun: DataclassInstance](noun: Noun, /, **changes: object) -> Noun:
    """Return `noun` with some of its fields changed.

    Raises TypeError for a field that it does not have. A noun with slots is changed as ever; one
    without must set nothing in `__post_init__`, for that is not called.
    """
    try:
        known = noun.__dict__
    except AttributeError:
        return dataclasses.replace(noun, **changes)
    made = _new(type(noun))
    fields = made.__dict__
    fields.update(known)
    fields.update(changes)
    if len(fields) != len(known):
        unknown = ", ".join(changes.keys() - known.keys())
        raise TypeError(f"{type(noun).__name__} has no {unknown}")
    return made
