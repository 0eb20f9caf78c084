"""Nouns that are made in every pass and forgotten with it.

A frozen dataclass sets each field by a call, so that it takes more than twice as long to make as a
plain one, and a pass makes some forty of them. A noun that outlives its pass is worth that. One that does
not is frozen for the type checker alone: what changes it is refused before it runs.
"""

from dataclasses import dataclass, field
from typing import dataclass_transform


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def brief[Noun](noun: type[Noun]) -> type[Noun]:
    """Return `noun` as a keyword-only dataclass that nothing may change, as far as types tell."""
    return dataclass(kw_only=True)(noun)
