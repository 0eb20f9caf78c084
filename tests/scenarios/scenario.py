"""A scenario file: a site document with a title, a why and what is expected of it.

`expect` maps loads to currents and reasons, and may map limits and pools to what they must be.
A load that `expect` leaves out is a mistake in the file, so that nothing goes unseen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import yaml

from evenload.model.document import parse_document
from evenload.model.readings import Readings
from evenload.model.site import Site

SCENARIOS = Path(__file__).parent / "engine"

SAID = ("title", "why", "expect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What one load must get."""

    current: float
    """[A per leg]"""
    reason: str
    by: str | None = None
    power: float | None = None
    """[W]; None: not said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One behaviour."""

    path: Path
    title: str
    why: str
    site: Site
    readings: Readings
    loads: Mapping[str, Expected]
    limits: Mapping[str, Mapping[str, float]]
    """By name: base, allocated and limit."""
    pools: Mapping[str, float]
    """Surplus and excess [W]; empty: not said."""

    @property
    def feature(self) -> str:
        return self.path.parent.name

    @property
    def id(self) -> str:
        return f"{self.feature}/{self.path.stem}"

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return what a file says; raises ConfigurationError for a site that could not be."""
        content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        site = {key: value for key, value in content.items() if key not in SAID}
        document = parse_document(site, source=path.name)
        assert document.readings is not None, f"{path} has no readings"
        expect = content["expect"]
        return cls(
            path=path,
            title=content["title"],
            why=content["why"],
            site=document.site,
            readings=document.readings,
            loads={load: Expected(**said) for load, said in expect["loads"].items()},
            limits=expect.get("limits", {}),
            pools=expect.get("pools", {}),
        )


def all_scenarios() -> list[Scenario]:
    return [Scenario.read(path) for path in sorted(SCENARIOS.rglob("*.yaml"))]
