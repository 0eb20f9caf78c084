"""`evenload station`: a virtual charging station, to try a central system with."""

import asyncio
import contextlib
import os
from typing import Annotated

import typer
from rich.console import Console

from evenload.ocpp.nouns import Version
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation

_MOST_PLUGS = 4
_PASSWORD_VARIABLE = "EVENLOAD_STATION_PASSWORD"  # noqa: S105 - where it stands, not what it is
_SHOWN_EVERY = 10.0


def station(
    url: Annotated[str, typer.Argument(help="The central system, as ws://127.0.0.1:9220/.")],
    *,
    identity: Annotated[str, typer.Option(help="What the station calls itself.")] = "virtual",
    plugs: Annotated[
        int, typer.Option(min=1, max=_MOST_PLUGS, help="How many plugs, each with a car.")
    ] = 1,
    protocol: Annotated[Version, typer.Option(help="The version of OCPP.")] = Version.V16,
    phases: Annotated[int, typer.Option(min=1, max=3, help="Legs of each plug.")] = 3,
    switch_phases: Annotated[
        bool, typer.Option("--switch-phases", help="Give one phase or three, as it is told.")
    ] = False,
    current: Annotated[
        float, typer.Option(min=6, max=80, help="Most of each plug, in amperes.")
    ] = 16.0,
    soc: Annotated[float, typer.Option(min=0, max=100, help="Of each car, in percent.")] = 50.0,
    free: Annotated[
        bool, typer.Option("--free/--remote-start", help="Whether charging starts by itself.")
    ] = True,
    token: Annotated[
        str, typer.Option(help="The token that its drivers hold in front of it.")
    ] = "FREE",  # noqa: S107 - a name, no secret
    insecure: Annotated[
        bool, typer.Option("--insecure", help="Accept any certificate over wss.")
    ] = False,
) -> None:
    """Be a charging station with cars attached, speaking OCPP over a real websocket.

    Its profiles expire as the specification says. A password is taken from the environment variable
    EVENLOAD_STATION_PASSWORD. Ctrl-C ends it.
    """
    if not url.startswith(("ws://", "wss://")):
        raise typer.BadParameter("expected ws://HOST:PORT/ or wss://HOST:PORT/", param_hint="URL")
    car = CarPart(kind="car", soc=soc, max_current=current)
    virtual = VirtualStation(
        protocol,
        [CarOutlet(car, seed=0, plug=number, phases=phases) for number in range(1, plugs + 1)],
        Behaviour(
            phases=phases,
            max_current=current,
            free=free,
            token=token,
            tells_soc=True,
            switches_phases=switch_phases,
            ends_offline=protocol is Version.V21,
        ),
    )
    password = os.environ.get(_PASSWORD_VARIABLE)
    dial = Dial(url=url, identity=identity, password=password, verify=not insecure)
    console = Console()
    client = StationClient(virtual, dial, console.print)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(client, console))


async def _run(client: StationClient, console: Console) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(client.run())
        group.create_task(_show(client, console))


async def _show(client: StationClient, console: Console) -> None:
    """Print now and then what each plug does."""
    while True:
        await asyncio.sleep(_SHOWN_EVERY)
        console.print("   ".join(_line(client.station)))


def _line(virtual: VirtualStation) -> list[str]:
    return [
        f"plug {plug.number}: {plug.present_state()}, offers {plug.offered:.1f} A,"
        f" draws {max(plug.outlet.draws):.1f} A, car {plug.outlet.soc:.0f} %"
        for plug in virtual.plugs
    ]
