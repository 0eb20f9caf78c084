"""Virtual charging stations that speak OCPP 1.6J or 2.0.1 over real websockets, with cars attached.

Like the central system they are built without sockets and clocks (`station`), which `client` adds. They
follow the specification where makers do not: their profiles expire as it says.
"""
