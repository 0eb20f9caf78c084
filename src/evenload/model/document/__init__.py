"""The YAML form of a site: from a file's text to the model's nouns, or to all that is wrong with it.

Three passes, each of which goes on where the one before found fault, so that everything is said at
once: the text (`text`), its shape (`sections` and the shapes, with `faults` and `mend`), and what
the values mean together (`evenload.model.check`).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from evenload.model.check import check_readings, check_settings, check_site
from evenload.model.control import ControlSettings
from evenload.model.document.build import build_readings, build_settings, build_site
from evenload.model.document.faults import Fault
from evenload.model.document.mend import consequences_left_out, mend
from evenload.model.document.places import in_document
from evenload.model.document.plain import plain
from evenload.model.document.sections import DocumentShape
from evenload.model.document.text import decode, load
from evenload.model.finding import ConfigurationError, Finding
from evenload.model.readings import Readings
from evenload.model.site import Site

__all__ = ["SiteDocument", "decode", "parse_document", "read_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDocument:
    """What a site file says."""

    site: Site
    readings: Readings | None
    """None: the file describes a site without a moment."""
    settings: ControlSettings
    plant: Mapping[str, object] | None
    """The simulated house as it was given, for the simulator to check."""
    replay: Mapping[str, object] | None = None
    """Which entity is which sensor, as it was given, for the replay to check."""


def read_document(text: str, *, source: str = "") -> SiteDocument:
    """Return what YAML `text` says; `source` names it in errors.

    Raises ConfigurationError with every finding: for text that is not YAML one, with line and
    column, else each with the path of its key.
    """
    return parse_document(load(text, source=source), source=source)


def parse_document(data: object, *, source: str = "") -> SiteDocument:
    """Return what `data`, as YAML or JSON gives it, says; `source` names it in errors.

    Raises ConfigurationError with every finding.
    """
    findings: list[Finding] = []
    tree = plain(data, findings)
    if not isinstance(tree, dict):
        finding = Finding(
            path="",
            problem="nothing is given" if tree is None else "given no keys",
            allowed="keys, of which site is required",
        )
        raise ConfigurationError(findings or [finding], source=source)
    mended = mend(tree)
    told = {finding.path for finding in findings}
    findings.extend(fault.finding for fault in mended.faults if fault.path not in told)
    if mended.shape is None:
        raise ConfigurationError(findings, source=source)
    document = _build(mended.shape)
    findings.extend(_meaning(document, mended.shape, mended.faults))
    if findings:
        raise ConfigurationError(findings, source=source)
    return document


def _build(shape: DocumentShape) -> SiteDocument:
    site = build_site(shape)
    return SiteDocument(
        site=site,
        readings=None if shape.readings is None else build_readings(shape.readings),
        settings=ControlSettings()
        if shape.control is None
        else build_settings(shape.control, site),
        plant=shape.plant,
        replay=shape.replay,
    )


def _meaning(document: SiteDocument, shape: DocumentShape, faults: list[Fault]) -> list[Finding]:
    readings = document.readings
    findings = (
        *check_site(document.site),
        *(() if readings is None else check_readings(document.site, readings)),
        *check_settings(document.site, document.settings),
    )
    return consequences_left_out(in_document(findings, shape), faults)
