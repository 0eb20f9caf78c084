"""What keeps the demo from running, said in a sentence that tells a person what to do."""


class DemoError(Exception):
    """The demo cannot go on; its text is for the person who started it."""
