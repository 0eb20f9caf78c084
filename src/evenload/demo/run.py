"""Run the demo from the first check to the last process ended and the folder removed."""

import asyncio
import signal
import tempfile
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from rich.console import Console

from evenload.demo.checks import (
    check_home_assistant,
    check_port,
    find_checkout,
    free_port,
    home_assistant_version,
)
from evenload.demo.client import Client
from evenload.demo.configuration import DASHBOARD, write_configuration
from evenload.demo.failure import DemoError
from evenload.demo.home_assistant import HomeAssistant
from evenload.demo.house import SCENARIO, House
from evenload.demo.progress import Teller
from evenload.demo.setting_up import set_up_evenload, set_up_house
from evenload.simulate.scenario import read_house

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""What ends the demo: Ctrl-C, a request, the terminal's end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the person who starts the demo chose."""

    port: int
    """Where Home Assistant shows itself."""
    speed: float
    """How much faster than real sun, temperatures and state of charge run, 1 or more."""
    browser: bool
    """Whether to open the dashboard."""


def run_demo(options: Options, console: Console) -> None:
    """Run the demo until it is interrupted.

    Raises DemoError when it cannot start or go on. However it ends, its processes are gone and
    its folder is removed afterwards.
    """
    asyncio.run(_until_interrupted(options, Teller(console)))


async def _until_interrupted(options: Options, teller: Teller) -> None:
    """Run the demo as a task, which the first signal cancels and no later one disturbs."""
    task = asyncio.create_task(_run(options, teller))
    interrupted = asyncio.Event()

    def interrupt() -> None:
        if not interrupted.is_set():
            interrupted.set()
            task.cancel()

    for each in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(each, interrupt)
    try:
        await task
    except asyncio.CancelledError:
        if not interrupted.is_set():
            raise
    teller.say("The demo has ended; its processes and its folder are gone.")


async def _run(options: Options, teller: Teller) -> None:
    checkout = find_checkout()
    check_home_assistant()
    check_port(options.port)
    teller.say(
        f"Evenload manages a simulated house in a real Home Assistant {home_assistant_version()}. "
        "Ctrl-C ends it and removes everything it made."
    )
    async with AsyncExitStack() as stack:
        folder = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="evenload-demo-", ignore_cleanup_errors=True)
            )
        )
        session = await stack.enter_async_context(aiohttp.ClientSession())
        home_assistant = HomeAssistant(
            checkout=checkout, folder=folder, port=options.port, teller=teller
        )
        with teller.step(f"Writing a throw-away configuration to {folder}"):
            write_configuration(folder, port=options.port, checkout=checkout)
        with teller.step("Starting the simulated house"):
            ocpp_port = free_port()
            house = await House.start(
                speed=options.speed, ocpp_port=ocpp_port, log=folder / "house.log"
            )
            stack.push_async_callback(house.process.stop, patience=5.0)
            await house.wait_until_it_answers(session)
        stack.push_async_callback(home_assistant.stop)
        with teller.step("Starting Home Assistant (the first time takes longer)"):
            client = await home_assistant.start(session)
        try:
            await _set_up(client, house, ocpp_port, teller)
        except DemoError as error:
            raise DemoError(f"{error}\n{home_assistant.last_words()}") from error
        _show(options, teller, home_assistant, house)
        await _watch(home_assistant, house, session)


async def _set_up(client: Client, house: House, ocpp_port: int, teller: Teller) -> None:
    with teller.step("Giving Home Assistant the house's devices"):
        await set_up_house(client, house.url)
    with teller.step("Setting Evenload up through its own dialogues"):
        await set_up_evenload(client, read_house(SCENARIO).site, ocpp_port)


def _show(options: Options, teller: Teller, home_assistant: HomeAssistant, house: House) -> None:
    link = f"{home_assistant.url}/{DASHBOARD}"
    teller.say(f"\nOpen [bold][link={link}]{link}[/link][/] (already logged in)\n")
    teller.say(
        f"[dim]Home Assistant is process {home_assistant.pid}, the house process "
        f"{house.process.pid} at {house.url}. Kill Home Assistant: the cars go on, fall back to their safe current, and it comes back.[/]"
    )
    if options.browser:
        webbrowser.open(link)


async def _watch(
    home_assistant: HomeAssistant, house: House, session: aiohttp.ClientSession
) -> None:
    """Keep Home Assistant alive for as long as the house lives; raise DemoError when it ends."""
    keeper = asyncio.create_task(home_assistant.keep_alive(session))
    living = asyncio.create_task(house.process.ended())
    try:
        await asyncio.wait((keeper, living), return_when=asyncio.FIRST_COMPLETED)
        if keeper.done():
            await keeper
    finally:
        keeper.cancel()
        living.cancel()
    raise DemoError(f"The simulated house has ended by itself:\n{house.process.last_words()}")
