"""Frames of OCPP-J: a JSON array whose first element says what it is.

Source: OCPP-J 1.6, chapter 4; OCPP 2.1 part 4, chapter 4. What a station sends is bounded and
refused by value (`Malformed`), never by exception: a hostile frame is an everyday event.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Never, TypeIs, cast

LONGEST_FRAME = 131_072
"""Most characters of one frame; a full GetConfiguration answer of a large station has 30,000."""
_LONGEST_ID = 64
"""OCPP allows 36 characters; some stations send longer ones."""
_LONGEST_ACTION = 64
_CALL, _RESULT, _ERROR, _RESULT_ERROR, _SEND = 2, 3, 4, 5, 6


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody asks for something and waits for an answer."""

    id: str
    action: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Result:
    """The answer to a call."""

    id: str
    payload: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """The answer to a call that could not be handled (CALLERROR)."""

    id: str
    code: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that asks for no answer: SEND and CALLRESULTERROR of OCPP 2.1."""

    action: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """No frame of OCPP; `id` is that of the call it may have been meant as."""

    problem: str
    id: str | None = None


type Frame = Call | Result | Refusal | Notice | Malformed


def parse(text: str) -> Frame:
    """Return what a received text is."""
    if len(text) > LONGEST_FRAME:
        return Malformed("too long")
    try:
        decoded: object = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        return Malformed(f"no JSON: {error}"[:200])
    if not isinstance(decoded, list):
        return Malformed("no array")
    return _framed(cast("list[object]", decoded))


def _framed(parts: list[object]) -> Frame:  # noqa: PLR0911 - one a kind of frame
    match parts:
        case [kind, str(identifier), str(action), payload, *_] if (
            kind == _CALL
            and _is_object(payload)
            and len(identifier) <= _LONGEST_ID
            and len(action) <= _LONGEST_ACTION
        ):
            return Call(identifier, action, payload)
        case [kind, str(identifier), payload, *_] if kind == _RESULT and _is_object(payload):
            return Result(identifier, payload)
        case [kind, str(identifier), str(code), *rest] if kind == _ERROR:
            description = rest[0] if rest and isinstance(rest[0], str) else ""
            return Refusal(identifier, code[:64], description[:255])
        case [kind, str(_), str(action), *_] if kind == _SEND:
            return Notice(action[:_LONGEST_ACTION])
        case [kind, *_] if kind == _RESULT_ERROR:
            return Notice("CallResultError")
        case [kind, str(identifier), *_] if kind == _CALL and len(identifier) <= _LONGEST_ID:
            return Malformed("a call without action or payload", identifier)
        case _:
            return Malformed("no frame of OCPP")


def _is_object(value: object) -> TypeIs[dict[str, object]]:
    return isinstance(value, dict)


def written(frame: Call | Result | Refusal) -> str:
    """Return a frame as text."""
    match frame:
        case Call(identifier, action, payload):
            parts: list[object] = [_CALL, identifier, action, payload]
        case Result(identifier, payload):
            parts = [_RESULT, identifier, payload]
        case Refusal(identifier, code, description):
            parts = [_ERROR, identifier, code, description, {}]
    return json.dumps(parts, separators=(",", ":"), allow_nan=False)


def _refuse_constant(name: str) -> Never:
    message = f"{name} is no number of JSON"
    raise ValueError(message)
