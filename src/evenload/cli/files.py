"""Reading site files for commands: from disk or standard input, with every trouble as a finding."""

import sys
from pathlib import Path

from evenload.model.document import SiteDocument, decode, read_document
from evenload.model.finding import ConfigurationError, Finding

STANDARD_INPUT = "-"


def source_of(name: str) -> str:
    """Return what messages call the file `name`."""
    return "standard input" if name == STANDARD_INPUT else name


def read_site_file(name: str) -> SiteDocument:
    """Return what the file `name` says; `-` is standard input.

    Raises ConfigurationError with every finding, also when the file cannot be read.
    """
    source = source_of(name)
    try:
        content = sys.stdin.buffer.read() if name == STANDARD_INPUT else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        finding = Finding(
            path="", problem=f"cannot be read, {reason or error}", allowed="a readable file"
        )
        raise ConfigurationError([finding], source=source) from error
    return read_document(decode(content, source=source), source=source)
