"""Who may charge: tokens on cards and in cars.

A station charges for everybody, or for a list of tokens. One that is not on the list is refused, and the
user is asked; meanwhile nothing is charged. The user may let a token in for one session: it is a *guest*
until that session ends. So is the token with which Evenload itself starts a transaction: written on a
card it opens nothing.

A token says who somebody is: nothing but its end is ever shown.
"""

_SHOWN = 4


class Guests:
    """Tokens that may charge once, whatever the list says; case does not count (CiString)."""

    def __init__(self) -> None:
        """Know nobody."""
        self._sessions: dict[str, str | None] = {}

    def may(self, token: str, session: str | None = None) -> bool:
        """Return whether a token is let in: for its one session, and asking for none yet."""
        key = token.casefold()
        if key not in self._sessions:
            return False
        return session is None or self._sessions[key] in {None, session}

    def welcome(self, token: str) -> None:
        """Let a token in until a session of it ends."""
        self._sessions.setdefault(token.casefold(), None)

    def begin(self, token: str | None, session: str) -> None:
        """Take note that a token charges in this session."""
        if token is not None and self.may(token):
            self._sessions[token.casefold()] = session

    def leave(self, session: str) -> None:
        """Take note that a session has ended; one that was refused before was nobody's."""
        self._sessions = {token: used for token, used in self._sessions.items() if used != session}


def may_charge(
    token: str, listed: frozenset[str] | None, guests: Guests, session: str | None = None
) -> bool:
    """Return whether a token may charge, in a session where it has begun one; `listed` None: all may.

    >>> may_charge("card 1", frozenset({"CARD 1"}), Guests())
    True
    >>> may_charge("", frozenset({"CARD 1"}), Guests())
    False
    """
    if listed is None or guests.may(token, session):
        return True
    return token.casefold() in {each.casefold() for each in listed}


def shown(token: str) -> str:
    """Return the end of a token, which is all that may be shown of it.

    >>> shown("04A2B3C4D5E680"), shown("FREE")
    ('…E680', '…')
    """
    return f"…{token[-_SHOWN:]}" if len(token) > _SHOWN else "…"
