"""The versions of OCPP behind one face: each says what the session means, and what a station meant."""

from evenload.ocpp.dialects.face import Dialect
from evenload.ocpp.dialects.v2 import Version2
from evenload.ocpp.dialects.v16 import Version16
from evenload.ocpp.nouns import Version


def dialect(version: Version) -> Dialect:
    """Return who speaks this version."""
    return Version16() if version is Version.V16 else Version2(version)
