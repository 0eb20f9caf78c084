"""Who may come in: identity and password, slowed attempts, and a list of those nobody knows.

Security profiles 0 to 2 of OCPP: without a password, with basic authentication, and the same over TLS.
A password may be given to the station as text or as hexadecimal digits, and it may send either, as
makers read the specification differently (OCPP 1.6 security whitepaper, A00; OCPP 2.0.1 part 2, A00.FR.205).
"""

import base64
import binascii
import hmac
from collections import OrderedDict
from dataclasses import dataclass, replace
from urllib.parse import unquote

from evenload.ocpp.nouns import Moment

_LONGEST_IDENTITY = 48
_MOST_ADDRESSES = 256
_MOST_STRANGERS = 32
_FREE_FAILURES = 3
"""Wrong passwords of an address before it has to wait."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
"""[s]"""
_FORGOTTEN = 600.0
"""An address without a wrong password for so long starts anew [s]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A station that nobody has accepted yet, as it knocked last."""

    identity: str
    address: str
    protocols: tuple[str, ...]
    """Versions of OCPP that it offers."""
    has_password: bool
    first: Moment
    last: Moment
    count: int = 1


@dataclass(slots=True)
class _Failures:
    count: int
    last: float
    until: float


class Gate:
    """Remembers failures by address, and strangers; both within bounds."""

    def __init__(self) -> None:
        """Know nobody."""
        self._failures: OrderedDict[str, _Failures] = OrderedDict()
        self._strangers: OrderedDict[str, Attempt] = OrderedDict()

    def waits_until(self, address: str, now: float) -> float | None:
        """Return until when this address is not listened to [s, monotonic]; None: it is."""
        failures = self._failures.get(address)
        return failures.until if failures is not None and failures.until > now else None

    def failed(self, address: str, now: float) -> None:
        """Take note of a wrong password; each one after the first few doubles the wait."""
        failures = self._failures.pop(address, None)
        if failures is None or now - failures.last > _FORGOTTEN:
            failures = _Failures(0, now, now)
        failures.count += 1
        failures.last = now
        beyond = failures.count - _FREE_FAILURES
        if beyond > 0:
            failures.until = now + min(_FIRST_WAIT * 2.0 ** min(beyond - 1, 10), _LONGEST_WAIT)
        self._failures[address] = failures
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def passed(self, address: str) -> None:
        """Forget an address's failures: it has shown the right password."""
        self._failures.pop(address, None)

    def knocked(self, attempt: Attempt) -> bool:
        """List a station that nobody knows; True when it was not listed before."""
        before = self._strangers.pop(attempt.identity, None)
        if before is not None:
            attempt = replace(attempt, first=before.first, count=before.count + 1)
        self._strangers[attempt.identity] = attempt
        if len(self._strangers) > _MOST_STRANGERS:
            self._strangers.popitem(last=False)
        return before is None

    def accepted(self, identity: str) -> None:
        """Take a station off the list."""
        self._strangers.pop(identity, None)

    @property
    def strangers(self) -> tuple[Attempt, ...]:
        """Stations that nobody knows, the last to knock first."""
        return tuple(reversed(self._strangers.values()))


def identity_in(path: str) -> str | None:
    """Return the identity in a request's path: its last part; None where there is none.

    >>> identity_in("/ocpp/Left%20plug"), identity_in("/")
    ('Left plug', None)
    """
    last = unquote(path.rstrip("/").rpartition("/")[2], errors="replace")
    if not 0 < len(last) <= _LONGEST_IDENTITY or not last.isprintable():
        return None
    return last


def password_fits(header: str | None, identity: str, password: str) -> bool:
    """Return whether a request's Authorization header names this identity and password.

    Every comparison is made, each in constant time, so that the time taken tells nothing.
    """
    user, given = _basic(header)
    expected = password.encode()
    known = hmac.compare_digest(user, identity.encode())
    fits = [
        hmac.compare_digest(given, expected),
        hmac.compare_digest(given, _unhexed(expected)),
        hmac.compare_digest(_unhexed(given), expected),
        hmac.compare_digest(_unhexed(given), _unhexed(expected)),
    ]
    usable = len(given) > 0 and len(expected) > 0
    return known & usable & any(fits)


def _basic(header: str | None) -> tuple[bytes, bytes]:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        return b"", b""
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error, ValueError:
        return b"", b""
    user, _, given = decoded.partition(b":")
    return user, given


def _unhexed(given: bytes) -> bytes:
    """Return the bytes that hexadecimal digits stand for, or else something that fits nothing."""
    try:
        return bytes.fromhex(given.decode("ascii"))
    except ValueError, UnicodeDecodeError:
        return given + b"\0 is not hexadecimal"
