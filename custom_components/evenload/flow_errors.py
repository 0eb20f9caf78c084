"""Collects what is wrong with a form, so that all of it is shown at once, each at its field.

A message names the entities it is about: for each kind of flaw there is one placeholder of the
same name that lists them. Fields inside a section report to the form as a whole, because the
frontend shows no errors within sections.
"""

from collections.abc import Iterable

from evenload.model.finding import Finding

from .inspect_entity import Inspected

BASE = "base"


class FormErrors:
    """The errors of one form."""

    def __init__(self, fields_on_top: Iterable[str] = ()) -> None:
        """Start without errors; `fields_on_top` are those outside any section."""
        self._on_top = frozenset(fields_on_top)
        self.errors: dict[str, str] = {}
        self.placeholders: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self.errors)

    def add(self, field: str, error: str, subject: str = "") -> None:
        """Note that a field is wrong; `subject` goes into the message."""
        self.errors.setdefault(field if field in self._on_top else BASE, error)
        if subject:
            named = self.placeholders.get(error)
            self.placeholders[error] = subject if named is None else f"{named}, {subject}"

    def add_inspected(self, field: str, inspected: Inspected) -> None:
        """Note what is wrong with an entity, if anything is."""
        if inspected.flaw is not None:
            given = f" ({inspected.given})" if inspected.given else ""
            self.add(field, inspected.flaw, f"{inspected.entity_id}{given}")

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Note what the library finds wrong with the whole."""
        for finding in findings:
            self.add(BASE, "invalid_site", str(finding))
