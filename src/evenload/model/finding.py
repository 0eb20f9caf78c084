"""Trouble in a configuration: every finding at once, each with its place and what is allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import override


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing wrong with what a user gave."""

    path: str
    """Where, as keys and indices: `chargers[0].plugs[1].min`; empty for the whole document."""
    problem: str
    """What is wrong, with what was given."""
    allowed: str
    """What would be right."""

    @override
    def __str__(self) -> str:
        """Return one line for a person."""
        return f"{self.path or '(document)'}: {self.problem}; expected {self.allowed}"


class ConfigurationError(Exception):
    """What a user gave cannot be used; `findings` says all that is wrong with it."""

    def __init__(self, findings: Sequence[Finding], *, source: str = "") -> None:
        """Keep the findings, at least one, and the name of the file they are about."""
        self.findings = tuple(findings)
        self.source = source
        where = f"{source}: " if source else ""
        super().__init__("\n".join(f"{where}{finding}" for finding in self.findings))
