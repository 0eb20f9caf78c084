"""Who may come in."""

import base64

import pytest

from evenload.ocpp.nouns import Moment
from evenload.ocpp.server.gate import Attempt, Gate, identity_in, password_fits
from evenload.ocpp.state import StationSettings
from tests.ocpp.rig import START

TEXT = "correct horse battery"
HEX = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff"


def header(user: str, password: bytes) -> str:
    return "Basic " + base64.b64encode(user.encode() + b":" + password).decode()


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (TEXT.encode(), TEXT),
        (TEXT.encode().hex().encode(), TEXT),
        (HEX.encode(), HEX),
        (HEX.upper().encode(), HEX),
        (bytes.fromhex(HEX), HEX),
        (TEXT.encode(), TEXT.encode().hex()),
    ],
)
def test_a_password_fits_as_text_and_as_hexadecimal(sent, expected):
    assert password_fits(header("garage", sent), "garage", expected)


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Basic",
        "Basic !!!",
        "Bearer abc",
        header("garage", b""),
        header("garage", TEXT.encode() + b"x"),
        header("other", TEXT.encode()),
        header("", TEXT.encode()),
    ],
)
def test_anything_else_does_not(given):
    assert not password_fits(given, "garage", TEXT)


def test_an_empty_password_never_fits():
    assert not password_fits(header("garage", b""), "garage", "")


def test_a_password_is_not_shown():
    assert TEXT not in repr(StationSettings(password=TEXT))


@pytest.mark.parametrize(
    ("path", "identity"),
    [
        ("/garage", "garage"),
        ("/ocpp/1.6/garage/", "garage"),
        ("/left%20plug", "left plug"),
        ("/", None),
        ("/" + "x" * 49, None),
        ("/%00", None),
    ],
)
def test_the_identity_is_the_last_part_of_the_path(path, identity):
    assert identity_in(path) == identity


def test_wrong_passwords_make_an_address_wait_ever_longer_and_no_other():
    gate = Gate()
    waits = []
    now = 0.0
    for _ in range(12):
        gate.failed("attacker", now)
        until = gate.waits_until("attacker", now)
        waits.append(0.0 if until is None else until - now)
        now += waits[-1] + 0.1
    assert waits[:6] == pytest.approx([0.0, 0.0, 0.0, 1.0, 2.0, 4.0])
    assert waits[-1] == pytest.approx(60.0)
    assert gate.waits_until("neighbour", now) is None
    gate.passed("attacker")
    gate.failed("attacker", now)
    assert gate.waits_until("attacker", now) is None


def test_an_address_is_forgiven_after_ten_minutes():
    gate = Gate()
    for _ in range(3):
        gate.failed("station", 0.0)
    gate.failed("station", 700.0)
    assert gate.waits_until("station", 700.0) is None


def test_strangers_are_listed_once_each_and_not_without_end():
    gate = Gate()
    assert gate.knocked(attempt("first", 0.0))
    assert not gate.knocked(attempt("first", 9.0))
    (listed,) = gate.strangers
    assert (listed.count, listed.first.now, listed.last.now) == (2, 0.0, 9.0)
    for number in range(100):
        gate.knocked(attempt(f"s{number}", 10.0 + number))
        gate.failed(f"address {number}", 10.0)
    assert len(gate.strangers) == 32
    assert gate.strangers[0].identity == "s99"
    gate.accepted("s99")
    assert gate.strangers[0].identity == "s98"


def attempt(identity: str, now: float) -> Attempt:
    moment = Moment(now, START)
    return Attempt(
        identity=identity,
        address="192.0.2.1",
        protocols=(),
        has_password=False,
        first=moment,
        last=moment,
    )
