"""The page about what is supported says what the code does."""

import runpy
from pathlib import Path

from evenload.ocpp.nouns import TroubleCode
from evenload.ocpp.server.central import troubles_in_words

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_what_the_code_says():
    """Where this fails, run `scripts/write_ocpp_reference.py`."""
    program = runpy.run_path(str(ROOT / "scripts" / "write_ocpp_reference.py"))
    written = (ROOT / "docs" / "reference" / "ocpp.md").read_text(encoding="utf-8")
    assert written == program["page"]()


def test_every_trouble_is_told_in_words():
    assert set(troubles_in_words()) == set(TroubleCode)


def test_every_trouble_that_a_user_can_mend_is_in_the_how_to():
    page = (ROOT / "docs" / "how-to" / "connect-a-charger.md").read_text(encoding="utf-8")
    shown_otherwise = {
        TroubleCode.WRONG_PASSWORD: "401",
        TroubleCode.SAME_IDENTITY: "409",
        TroubleCode.MALFORMED: "no version of OCPP",
    }
    for code, sentence in troubles_in_words().items():
        assert shown_otherwise.get(code, sentence.partition(",")[0]) in page
