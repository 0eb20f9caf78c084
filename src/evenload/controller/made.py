"""What was made of one load in the pass before, handed on while what it was made of is the same.

Most loads report nothing in most passes. What is made of what is known of them would then come out
the same again, and to see that takes a fraction of the time that making it takes. Nouns are frozen and
what is made depends on nothing else, so that no answer shows whether anything was handed on.
"""


class Made[Noun]:
    """The last noun of one kind that was made of one load."""

    __slots__ = ("noun", "of")

    def __init__(self) -> None:
        """Start with nothing made."""
        self.of: tuple[object, ...] | None = None
        """What it was made of, all of it."""
        self.noun: Noun | None = None

    def made_of(self, of: tuple[object, ...]) -> Noun | None:
        """Return the noun if it was made of `of`; None: it was not.

        The first of that has to be the very same object: to compare what is remembered of a load field
        by field takes longer than to make most nouns.
        """
        known = self.of
        return self.noun if known is not None and known[0] is of[0] and known == of else None

    def keep(self, of: tuple[object, ...], noun: Noun) -> Noun:
        """Return what was made of `of`, and hand it on from now on.

        Where it came out the same as before, that is the noun before: who looks whether anything is new
        need not look inside.
        """
        if self.noun is not None and noun == self.noun:
            noun = self.noun
        self.of, self.noun = of, noun
        return noun
