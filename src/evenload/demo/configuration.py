"""Write the throw-away configuration that the demo's Home Assistant starts with.

What a person would answer in Home Assistant's first-start dialogue stands here as files in
`.storage`: one owner without a password, whom Home Assistant logs in from this machine alone,
and the port. Evenload itself is not configured here but set up through its own dialogues later.
"""

import json
import uuid
from pathlib import Path

import yaml

OWNER = uuid.UUID("a7a6cd0d-6b0f-4b0c-9d5b-2f0f3a3a8e11").hex
"""The id of the demo's only user."""

LOOPBACK = "127.0.0.1"
"""The only address the demo listens on."""

DASHBOARD = "evenload-demo"
"""The dashboard's path in Home Assistant's address."""


def write_configuration(folder: Path, *, port: int, checkout: Path) -> None:
    """Fill the empty `folder` so that Home Assistant starts from it, ready to use, on `port`.

    `checkout` is the root of the repository, which holds both integrations and the dashboard.
    """
    _link_integrations(folder / "custom_components", checkout)
    (folder / "configuration.yaml").write_text(yaml.safe_dump(_settings(checkout)))
    storage = folder / ".storage"
    storage.mkdir()
    for key, version, minor_version, data in _stored(port):
        content = {"version": version, "minor_version": minor_version, "key": key, "data": data}
        (storage / key).write_text(json.dumps(content))


def _link_integrations(folder: Path, checkout: Path) -> None:
    folder.mkdir()
    for source in (
        checkout / "custom_components" / "evenload",
        checkout / "demo" / "custom_components" / "evenload_demo",
    ):
        (folder / source.name).symlink_to(source, target_is_directory=True)


def _settings(checkout: Path) -> dict[str, object]:
    """Return what goes to `configuration.yaml`: login without a click, history, the dashboard."""
    login = {
        "type": "trusted_networks",
        "trusted_networks": [f"{LOOPBACK}/32"],
        "trusted_users": {LOOPBACK: OWNER},
        "allow_bypass_login": True,
    }
    dashboard = {
        "mode": "yaml",
        "title": "Evenload",
        "icon": "mdi:transmission-tower",
        "filename": str(checkout / "demo" / "dashboard.yaml"),
    }
    return {
        "homeassistant": {"auth_providers": [login]},
        "frontend": {},
        "config": {},
        "history": {},
        "logbook": {},
        "energy": {},
        "recorder": {},
        "system_health": {},
        "logger": {"default": "warning"},
        "lovelace": {"dashboards": {DASHBOARD: dashboard}},
    }


def _stored(port: int) -> list[tuple[str, int, int, object]]:
    """Return key, version, minor version and data of each file in `.storage`."""
    return [
        ("auth", 1, 1, _users()),
        ("onboarding", 4, 1, {"done": ["user", "core_config", "analytics", "integration"]}),
        ("core.config", 1, 4, _home()),
        ("http", 2, 2, _server(port)),
        ("frontend.system_data", 1, 1, {"core": {"default_panel": DASHBOARD}}),
    ]


def _users() -> dict[str, object]:
    owner = {
        "id": OWNER,
        "name": "Demo",
        "group_ids": ["system-admin"],
        "is_owner": True,
        "is_active": True,
        "system_generated": False,
        "local_only": True,
    }
    groups = [
        {"id": "system-admin", "name": "Administrators"},
        {"id": "system-users", "name": "Users"},
        {"id": "system-read-only", "name": "Read Only"},
    ]
    return {"users": [owner], "groups": groups, "credentials": [], "refresh_tokens": []}


def _home() -> dict[str, object]:
    return {
        "location_name": "Demo house",
        "latitude": 46.05,
        "longitude": 14.51,
        "elevation": 300,
        "radius": 100,
        "unit_system_v2": "metric",
        "time_zone": "Europe/Ljubljana",
        "currency": "EUR",
        "country": "SI",
        "language": "en",
        "external_url": None,
        "internal_url": None,
    }


def _server(port: int) -> dict[str, object]:
    """Return the web server's settings; in YAML they would be on trial and fall back to 8123."""
    stable = {
        "server_host": [LOOPBACK],
        "server_port": port,
        "cors_allowed_origins": [],
        "login_attempts_threshold": -1,
        "ip_ban_enabled": False,
        "ssl_profile": "modern",
        "use_x_frame_options": True,
        "created_at": "2026-01-01T00:00:00+00:00",
        "error": None,
        "error_message": None,
    }
    return {"stable": stable, "pending": None, "yaml_migration_done": True}
