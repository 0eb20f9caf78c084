"""By hand, before a commit and in CI the same tools run."""

import re

import pytest
import yaml

TOOLS = {"ruff check", "ruff format", "basedpyright", "mypy", "lint-imports", "pytest"}


def tools(commands: str) -> set[str]:
    """Return the tools that a text runs through uv, without their options."""
    found = re.findall(r"uv run (ruff \w+|[\w-]+)", commands)
    return set(found)


@pytest.fixture
def ci(root):
    return (root / ".ci" / "run").read_text(encoding="utf-8")


def test_ci_runs_every_tool_and_stops_at_the_first_failure(ci):
    assert tools(ci) == TOOLS
    assert "set -euo pipefail" in ci


def test_hooks_run_the_tools_of_ci_from_the_same_environment(root):
    text = (root / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert tools(text) == TOOLS
    hooks = yaml.safe_load(text)["repos"]
    assert [source["repo"] for source in hooks] == ["local"]


def test_ci_ends_with_the_test_command_of_the_readme(root, ci):
    last = ci.rstrip().splitlines()[-1]
    assert last == "step uv run pytest"
    assert "\nuv run pytest\n" in (root / "README.md").read_text(encoding="utf-8")


def test_contributing_names_every_tool(root):
    assert tools((root / "CONTRIBUTING.md").read_text(encoding="utf-8")) >= TOOLS


def test_workflows_are_valid_and_run_what_ci_runs(root):
    workflows = {
        path.name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (root / ".github" / "workflows").glob("*.yml")
    }
    assert all(workflow["jobs"] and "permissions" in workflow for workflow in workflows.values())
    steps = [step.get("run", "") for step in workflows["tests.yml"]["jobs"]["tests"]["steps"]]
    assert "bash .ci/run" in steps
