"""A virtual station with one car in a process of its own, which prints a line of JSON whenever something changes.

python -m tests.ocpp.lone_station ws://127.0.0.1:9220/ garage
"""

import asyncio
import json
import sys
from collections import Counter
from typing import override

from evenload.ocpp.frames import Call, parse
from evenload.ocpp.nouns import Version
from evenload.simulate.settings import CarPart
from evenload.simulate.stations.behaviour import Behaviour
from evenload.simulate.stations.client import Dial, StationClient
from evenload.simulate.stations.outlet import CarOutlet
from evenload.simulate.stations.station import VirtualStation

LOOK_INTERVAL = 0.1
"""[s]"""


class CountingStation(VirtualStation):
    """A station that counts what it says of sessions and what it is told."""

    def __init__(self) -> None:
        car = CarOutlet(CarPart(kind="car", soc=20, ramp=16), seed=1, plug=1)
        super().__init__(Version.V16, [car], Behaviour(meter_interval=1.0))
        self.counted = Counter({"StartTransaction": 0, "StopTransaction": 0, "BootNotification": 0})

    @override
    def take_frames(self) -> tuple[str, ...]:
        frames = super().take_frames()
        for frame in frames:
            match parse(frame):
                case Call(_, action, _) if action in self.counted:
                    self.counted[action] += 1
                case _:
                    pass
        return frames

    def seen(self) -> dict[str, object]:
        (plug,) = self.plugs
        return {
            "online": self.online,
            "offered": round(plug.offered, 1),
            "draw": round(max(plug.outlet.draws), 1),
            "transaction": None if plug.running is None else plug.running.id,
            **self.counted,
        }


async def main(url: str, identity: str) -> None:
    station = CountingStation()
    running = asyncio.create_task(
        StationClient(station, Dial(url=url, identity=identity, redial=0.5)).run()
    )
    shown: dict[str, object] = {}
    while not running.done():
        seen = station.seen()
        if seen != shown:
            shown = seen
            sys.stdout.write(f"{json.dumps(seen)}\n")
            sys.stdout.flush()
        await asyncio.sleep(LOOK_INTERVAL)
    await running


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
