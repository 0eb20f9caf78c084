"""The central system: charging stations dial in over OCPP and are controlled plug by plug.

It is built in layers. `frames` and `schemas` know the wire; `dialects` say in OCPP 1.6, 2.0.1 or 2.1
what `station` means, and tell it in one vocabulary what was heard; `station` is a session without
sockets or a clock; `server` brings sockets and time to it. Nothing here decides how much a plug gets:
setpoints come from the controller.
"""
