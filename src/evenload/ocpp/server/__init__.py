"""The central system itself: sockets, time and passwords around the sessions."""

from evenload.ocpp.server.central import CentralSystem, Options
from evenload.ocpp.server.gate import Attempt

__all__ = ["Attempt", "CentralSystem", "Options"]
