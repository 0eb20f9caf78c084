"""`evenload thermal`: what a room or a tank holds and loses, learnt from a user's own history."""

from evenload.cli.thermal.command import thermal

__all__ = ["thermal"]
