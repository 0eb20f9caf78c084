"""The throw-away configuration: complete, on this machine alone, and all in its folder."""

import json
from pathlib import Path

import pytest
import yaml

from evenload.demo.configuration import LOOPBACK, OWNER, write_configuration

CHECKOUT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_configuration(tmp_path, port=8299, checkout=CHECKOUT)
    return tmp_path


def stored(folder: Path, key: str) -> dict:
    content = json.loads((folder / ".storage" / key).read_text())
    assert content["key"] == key
    return content["data"]


def test_it_listens_on_this_machine_alone(folder: Path) -> None:
    server = stored(folder, "http")["stable"]
    assert (server["server_host"], server["server_port"]) == ([LOOPBACK], 8299)


def test_only_this_machine_is_logged_in_without_a_password(folder: Path) -> None:
    settings = yaml.safe_load((folder / "configuration.yaml").read_text())
    [login] = settings["homeassistant"]["auth_providers"]
    assert login["trusted_networks"] == [f"{LOOPBACK}/32"]
    assert login["trusted_users"] == {LOOPBACK: OWNER}
    [user] = stored(folder, "auth")["users"]
    assert user["id"] == OWNER
    assert user["is_owner"]


def test_both_integrations_and_the_dashboard_are_those_of_the_checkout(folder: Path) -> None:
    for name in ("evenload", "evenload_demo"):
        manifest = json.loads((folder / "custom_components" / name / "manifest.json").read_text())
        assert manifest["domain"] == name
    settings = yaml.safe_load((folder / "configuration.yaml").read_text())
    [dashboard] = settings["lovelace"]["dashboards"].values()
    assert Path(dashboard["filename"]).is_file()
