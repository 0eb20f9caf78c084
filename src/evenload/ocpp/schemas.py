"""What we send is checked against OCPP's own JSON schemas, which the `ocpp` package carries.

A message of ours that breaks them is a defect of ours and raises. What stations send is never checked
here: they break the schemas every day, and `lenient` reads them all the same.
"""

import decimal
import json
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, cast

import ocpp.messages  # pyright: ignore[reportMissingTypeStubs] - it has none

from evenload.ocpp.nouns import Version

_PACKAGE_NAMES = {Version.V16: "1.6", Version.V201: "2.0.1", Version.V21: "2.1"}
_TENTHS = frozenset({"SetChargingProfile", "RemoteStartTransaction"})
"""Calls of 1.6 whose schemas want multiples of 0.1, which binary fractions are not."""
_TENTHS_ANSWERED = "GetCompositeSchedule"


class InvalidMessageError(Exception):
    """A message of ours that OCPP does not allow."""


class _Validator(Protocol):
    def iter_errors(self, instance: object) -> Iterable[object]: ...


def check_call(version: Version, action: str, payload: Mapping[str, object]) -> None:
    """Raise InvalidMessageError unless this call is one of this version of OCPP."""
    _check(version, ocpp.messages.MessageType.Call, action, payload)


def check_result(version: Version, action: str, payload: Mapping[str, object]) -> None:
    """Raise InvalidMessageError unless this answer to `action` is one of this version."""
    _check(version, ocpp.messages.MessageType.CallResult, action, payload)


def preload() -> None:
    """Read all schemas, so that no event loop waits for a disk later."""
    package = Path(ocpp.messages.__file__).parent
    for version, name in _PACKAGE_NAMES.items():
        folder = package / f"v{name.replace('.', '')}" / "schemas"
        asking = "" if version is Version.V16 else "Request"
        kinds = {"Response": ocpp.messages.MessageType.CallResult}
        for path in sorted(folder.glob("*.json")):
            action, ending = path.stem.removesuffix("Response"), "Response"
            if action == path.stem:
                action, ending = path.stem.removesuffix("Request"), asking
            if path.stem == action + ending:
                _validator(version, kinds.get(ending, ocpp.messages.MessageType.Call), action)


def _check(version: Version, kind: int, action: str, payload: Mapping[str, object]) -> None:
    instance: object = payload
    if _exact(version, kind, action):
        instance = json.loads(json.dumps(payload), parse_float=decimal.Decimal)
    try:
        validator = _validator(version, kind, action)
    except OSError as error:
        message = f"{version} has no {action}"
        raise InvalidMessageError(message) from error
    error = next(iter(validator.iter_errors(instance)), None)
    if error is not None:
        message = f"{action} of {version}: {str(error).partition('\n')[0]}"
        raise InvalidMessageError(message)


@cache
def _validator(version: Version, kind: int, action: str) -> _Validator:
    number: Callable[[str], object] = decimal.Decimal if _exact(version, kind, action) else float
    find = cast("Callable[..., _Validator]", ocpp.messages.get_validator)
    return find(kind, action, _PACKAGE_NAMES[version], parse_float=number)


def _exact(version: Version, kind: int, action: str) -> bool:
    if version is not Version.V16:
        return False
    if kind == ocpp.messages.MessageType.Call:
        return action in _TENTHS
    return action == _TENTHS_ANSWERED
