"""Who may charge at a station: everybody, or those whose tokens were accepted.

A token is shown to a person by its end only, and known in dialogues by a digest.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

import probatio
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from evenload.ocpp.tokens import shown

from .fields import Fields, select
from .preferences import Settings

CONF_CHARGING: Final = "who_may_charge"
CONF_TOKENS: Final = "tokens"
CONF_TOKEN: Final = "token"  # noqa: S105 - the name of a field
CONF_TOKEN_NAME: Final = "token_name"  # noqa: S105 - the name of a field
CONF_ACCEPTED: Final = "accepted"

EVERYBODY, LISTED = "everybody", "listed"


def key_of(token: str) -> str:
    """Return what stands for a token where it must not be read; case does not count."""
    return sha256(token.casefold().encode()).hexdigest()[:16]


def token_fields(tokens: Sequence[Settings]) -> Fields:
    """Return the fields that say who may charge; `tokens` are those accepted so far."""
    asked: Fields = {
        probatio.Required(CONF_CHARGING, default=EVERYBODY): select(
            (EVERYBODY, LISTED), CONF_CHARGING
        )
    }
    if tokens:
        asked[probatio.Required(CONF_ACCEPTED, default=[key_of(t[CONF_TOKEN]) for t in tokens])] = (
            SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=key_of(each[CONF_TOKEN]), label=_label(each))
                        for each in tokens
                    ],
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                )
            )
        )
    return asked


def tokens_data(answers: Settings, known: Settings) -> dict[str, Any]:
    """Return what is stored of the answers; `known` is what was stored before."""
    tokens: Sequence[Settings] = known.get(CONF_TOKENS, ())
    kept = answers.get(CONF_ACCEPTED, [key_of(each[CONF_TOKEN]) for each in tokens])
    left = [{**each} for each in tokens if key_of(each[CONF_TOKEN]) in kept]
    charging = answers.get(CONF_CHARGING, EVERYBODY)
    return {CONF_CHARGING: charging, **({CONF_TOKENS: left} if left else {})}


def with_token(data: Settings, token: str, name: str) -> dict[str, Any]:
    """Return a station's settings with one more token accepted."""
    others = [
        {**each} for each in data.get(CONF_TOKENS, ()) if key_of(each[CONF_TOKEN]) != key_of(token)
    ]
    return {**data, CONF_TOKENS: [*others, {CONF_TOKEN: token, CONF_TOKEN_NAME: name}]}


def tokens_of(data: Settings) -> frozenset[str] | None:
    """Return the tokens that may charge; None: everybody may."""
    if data.get(CONF_CHARGING, EVERYBODY) == EVERYBODY:
        return None
    return frozenset(each[CONF_TOKEN] for each in data.get(CONF_TOKENS, ()))


def _label(token: Settings) -> str:
    return f"{token[CONF_TOKEN_NAME]} ({shown(token[CONF_TOKEN])})"
