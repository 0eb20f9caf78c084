"""Talk to Home Assistant over HTTP: log in, wait until it runs, walk through setup dialogues."""

import asyncio
from collections.abc import Mapping
from typing import cast

import aiohttp

from evenload.demo.failure import DemoError

POLL_INTERVAL = 0.5
"""Time between two looks at whether Home Assistant runs [s]."""

type Json = Mapping[str, object]


class Client:
    """One logged-in user of a Home Assistant on this machine."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Prepare to talk to the Home Assistant at `url`."""
        self._session = session
        self._url = url
        self._headers: dict[str, str] = {}

    async def wait_until_running(self) -> None:
        """Return when Home Assistant has started everything; wait for ever if it never does."""
        while not await self._runs():  # noqa: ASYNC110 another process sets no event of ours
            await asyncio.sleep(POLL_INTERVAL)

    async def log_in(self) -> None:
        """Log in as the user whom Home Assistant trusts on this machine."""
        address = f"{self._url}/"
        login = await self.post(
            "/auth/login_flow",
            {
                "client_id": address,
                "handler": ["trusted_networks", None],
                "redirect_uri": address,
            },
        )
        form = {"grant_type": "authorization_code", "client_id": address, "code": login["result"]}
        async with self._session.post(f"{self._url}/auth/token", data=form) as response:
            response.raise_for_status()
            token = cast("Json", await response.json())
        self._headers = {"Authorization": f"Bearer {token['access_token']}"}

    async def get(self, path: str) -> object:
        """Return what Home Assistant answers at `path`."""
        async with self._session.get(f"{self._url}{path}", headers=self._headers) as response:
            response.raise_for_status()
            return cast("object", await response.json())

    async def post(self, path: str, data: Json) -> Json:
        """Send `data` to `path` and return the answer; raise DemoError with it when refused."""
        async with self._session.post(
            f"{self._url}{path}", json=data, headers=self._headers
        ) as response:
            if not response.ok:
                raise DemoError(
                    f"Home Assistant refused {path} ({response.status}): {await response.text()}"
                )
            return cast("Json", await response.json())

    async def call(self, domain: str, service: str, data: Json) -> None:
        """Run one of Home Assistant's actions."""
        path = f"/api/services/{domain}/{service}"
        async with self._session.post(
            f"{self._url}{path}", json=data, headers=self._headers
        ) as response:
            if not response.ok:
                raise DemoError(f"Home Assistant refused {path}: {await response.text()}")

    async def walk(self, path: str, handler: object, answers: Mapping[str, Json]) -> Json:
        """Go through a setup dialogue and return its result.

        `path` says where such dialogues start, `handler` for what, `answers` what is entered at
        each step by the step's id; in a menu that is the `next_step_id`. Raises DemoError when a step is not answered for or refuses
        its answer: the dialogue has changed and this program has not.
        """
        shown = await self.post(path, {"handler": handler, "show_advanced_options": False})
        return await self._finish(path, shown, answers)

    async def walk_on(self, path: str, flow_id: str, answers: Mapping[str, Json]) -> Json:
        """Go through a setup dialogue that Home Assistant has opened; otherwise like `walk`."""
        shown = cast("Json", await self.get(f"{path}/{flow_id}"))
        return await self._finish(path, shown, answers)

    async def _finish(self, path: str, shown: Json, answers: Mapping[str, Json]) -> Json:
        while shown["type"] in {"form", "menu"}:
            step = cast("str", shown["step_id"])
            if shown.get("errors") or step not in answers:
                raise DemoError(f"A dialogue of Home Assistant cannot be answered: {dict(shown)}")
            shown = await self.post(f"{path}/{shown['flow_id']}", answers[step])
        if shown["type"] != "create_entry":
            raise DemoError(f"A dialogue of Home Assistant was not completed: {dict(shown)}")
        return shown

    async def _runs(self) -> bool:
        try:
            if not self._headers:
                await self.log_in()
            settings = cast("Json", await self.get("/api/config"))
        except aiohttp.ClientError, TimeoutError, DemoError:
            return False
        return settings["state"] == "RUNNING"
