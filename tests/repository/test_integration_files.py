"""The rules that Home Assistant's own checker (hassfest) and HACS hold an integration's files to.

That checker is not packaged, so it runs in the workflow only; what it is known to ask for is asked
here, where possible by the schemas of the installed Home Assistant itself.
"""

import ast
import json
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import homeassistant.components
import pytest
import yaml
from homeassistant.const import Platform
from homeassistant.helpers import service
from homeassistant.loader import Manifest

from evenload.model.allocation import Reason

REQUIRED_IN_MANIFEST = {
    "domain",
    "name",
    "codeowners",
    "config_flow",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "requirements",
    "version",
}
IOT_CLASSES = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
HACS_KEYS = {
    "name",
    "content_in_root",
    "country",
    "filename",
    "hacs",
    "hide_default_branch",
    "homeassistant",
    "persistent_directory",
    "render_readme",
    "zip_release",
}
FLOW_SECTIONS = ("step", "error", "abort", "progress", "create_entry")


def read_json(path: Path) -> dict[str, object]:
    return json.loads(path.read_text(encoding="utf-8"))


def leaves(tree: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each text of a tree of translations, with the keys that lead to it."""
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield from leaves(inner, (*path, key))
    else:
        assert isinstance(tree, str), f"{'.'.join(path)} is not a text"
        yield path, tree


@pytest.fixture(scope="module")
def manifest(integration: Path) -> dict[str, object]:
    return read_json(integration / "manifest.json")


@pytest.fixture(scope="module")
def sources(integration: Path) -> dict[Path, ast.Module]:
    paths = sorted(integration.rglob("*.py"))
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def words_in_code(sources: dict[Path, ast.Module]) -> set[str]:
    """Every string constant in the integration's code."""
    return {
        node.value
        for module in sources.values()
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_the_manifest_is_complete_and_names_nothing_unknown(manifest):
    assert manifest.keys() >= REQUIRED_IN_MANIFEST
    assert manifest.keys() <= Manifest.__annotations__.keys()


def test_the_manifest_is_in_the_order_that_home_assistant_asks_for(manifest):
    assert list(manifest) == ["domain", "name", *sorted(manifest.keys() - {"domain", "name"})]


def test_the_manifest_uses_values_that_home_assistant_knows(manifest):
    assert manifest["domain"] == "evenload"
    assert manifest["config_flow"] is True
    assert manifest["iot_class"] in IOT_CLASSES
    assert manifest["integration_type"] in get_args(Manifest.__annotations__["integration_type"])
    assert all(owner.startswith("@") for owner in manifest["codeowners"])
    assert manifest["codeowners"]
    assert manifest["documentation"].startswith("https://")
    assert manifest["issue_tracker"].startswith("https://")
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", manifest["version"])


def test_the_integrations_it_builds_on_exist(manifest):
    folder = Path(homeassistant.components.__path__[0])
    named = [*manifest.get("dependencies", []), *manifest.get("after_dependencies", [])]
    assert not [domain for domain in named if not (folder / domain / "manifest.json").exists()]


def test_texts_are_whole_and_hold_no_address_markup_or_quoted_placeholder(translations):
    wrong = {
        ".".join(path): text
        for path, text in leaves(translations)
        if not text
        or text != text.strip()
        or "://" in text
        or re.search(r"</?[a-z]+>", text)
        or re.search(r"'\{[^}]*\}'", text)
        or "[%key:" in text
    }
    assert not wrong


def test_every_other_language_has_the_same_texts_with_the_same_placeholders(integration):
    def shape(path: Path) -> dict[tuple[str, ...], set[str]]:
        return {keys: set(re.findall(r"\{\w+\}", text)) for keys, text in leaves(read_json(path))}

    english = shape(integration / "translations" / "en.json")
    others = {path.name: shape(path) for path in (integration / "translations").glob("*.json")}
    assert all(found == english for found in others.values())


def flows(translations: dict[str, object]) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield every flow that has texts: configuration, options, each kind of subentry."""
    for name in ("config", "options"):
        if name in translations:
            yield name, translations[name]
    yield from translations.get("config_subentries", {}).items()


def fields(step: dict[str, object]) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield the named and the explained fields of a step's form and of each of its sections."""
    for title, texts in (("", step), *step.get("sections", {}).items()):
        yield title, set(texts.get("data", {})), set(texts.get("data_description", {}))


def test_every_field_of_every_form_has_a_line_of_help(translations):
    unexplained = [
        (flow, step, section, sorted(named ^ explained))
        for flow, texts in flows(translations)
        for step, form in texts.get("step", {}).items()
        for section, named, explained in fields(form)
        if named != explained
    ]
    assert not unexplained


def test_every_subentry_says_what_it_is_and_how_to_add_it(translations):
    for texts in translations["config_subentries"].values():
        assert texts["entry_type"]
        assert texts["initiate_flow"]["user"]
        assert texts["initiate_flow"]["reconfigure"]


def constant_argument(call: ast.Call, name: str) -> str | None:
    for keyword in call.keywords:
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None


def arguments_named(sources: dict[Path, ast.Module], name: str) -> set[str]:
    """Return every constant that any call in the integration passes as `name`."""
    calls = (
        node
        for module in sources.values()
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
    )
    return {value for call in calls if (value := constant_argument(call, name)) is not None}


def test_every_text_that_the_code_asks_for_by_key_exists(sources, translations):
    known = set(translations.get("exceptions", {})) | set(translations.get("issues", {}))
    known |= set(translations.get("selector", {})) | set(translations.get("device", {}))
    for entities in translations.get("entity", {}).values():
        known |= set(entities)
    assert arguments_named(sources, "translation_key") <= known


def test_every_step_that_the_code_shows_has_texts(sources, translations):
    steps = {step for _, texts in flows(translations) for step in texts.get("step", {})}
    for issue in translations.get("issues", {}).values():
        steps |= set(issue.get("fix_flow", {}).get("step", {}))
    assert arguments_named(sources, "step_id") <= steps


def test_every_text_in_the_file_is_asked_for_by_the_code(translations, words_in_code):
    keyed = [*translations.get("exceptions", {}), *translations.get("issues", {})]
    keyed += [key for entities in translations.get("entity", {}).values() for key in entities]
    keyed += [
        key
        for _, texts in flows(translations)
        for section in ("error", "abort")
        for key in texts.get(section, {})
    ]
    asked_for = words_in_code | GIVEN_BY_HOME_ASSISTANT
    # A key that is one of several, such as a phase's, is put together from its beginning.
    beginnings = tuple(word.removesuffix("_") for word in words_in_code if word.endswith("_"))
    assert not [key for key in keyed if key not in asked_for and key not in beginnings]


GIVEN_BY_HOME_ASSISTANT = {"already_configured", "reconfigure_successful"}
"""Reasons to end a flow that its helpers give by themselves."""


def names(translations: dict[str, object]) -> Iterator[str]:
    """Yield what a person reads beside each field and each entity."""
    for _, texts in flows(translations):
        for form in texts.get("step", {}).values():
            for fields_of in (form, *form.get("sections", {}).values()):
                yield from fields_of.get("data", {}).values()
    for entities in translations["entity"].values():
        yield from (texts["name"].partition(" {")[0] for texts in entities.values())


def test_the_reference_tells_of_every_field_and_every_entity(root, translations):
    page = (root / "docs" / "reference" / "home-assistant.md").read_text(encoding="utf-8")
    assert not sorted({name for name in names(translations) if name not in page})


def test_every_reason_has_a_name_on_a_status_sensor(translations):
    named = [
        set(texts["state"])
        for texts in translations["entity"]["sensor"].values()
        if {"off", "limited"} <= set(texts.get("state", {}))
    ]
    assert named
    assert all(states >= set(Reason) for states in named)


def test_icons_belong_to_entities_and_actions_that_exist(integration, translations):
    icons = read_json(integration / "icons.json")
    for platform, entities in icons.get("entity", {}).items():
        assert platform in set(Platform)
        assert entities.keys() <= translations["entity"][platform].keys()
    assert set(icons.get("services", {})) == set(translations.get("services", {}))
    assert all(text.startswith("mdi:") for path, text in leaves(icons) if path[-1] != "trigger")


def test_actions_are_described_as_home_assistant_asks(integration, translations):
    path = integration / "services.yaml"
    described = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    service._SERVICES_SCHEMA(described)
    texts = translations.get("services", {})
    assert described.keys() == texts.keys()
    for name, action in described.items():
        assert texts[name]["name"]
        assert texts[name]["description"]
        assert (action or {}).get("fields", {}).keys() == texts[name].get("fields", {}).keys()


@pytest.fixture(scope="module")
def every_rule() -> set[str]:
    """The rules of the quality scale, as an integration of Home Assistant's own answers them."""
    specification = find_spec("homeassistant.components.peblar")
    path = Path(specification.origin).parent / "quality_scale.yaml"
    return set(yaml.safe_load(path.read_text(encoding="utf-8"))["rules"])


def test_every_rule_of_the_quality_scale_is_answered(integration, every_rule):
    path = integration / "quality_scale.yaml"
    answers = yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]
    assert len(every_rule) > 50
    assert answers.keys() == every_rule
    for rule, answer in answers.items():
        status = answer if isinstance(answer, str) else answer["status"]
        assert status in {"done", "todo", "exempt"}, rule
        assert status == "done" or answer.get("comment"), f"{rule} wants its reason"


def test_hacs_finds_what_it_needs_and_nothing_it_rejects(root):
    settings = read_json(root / "hacs.json")
    assert settings.keys() <= HACS_KEYS
    assert settings["name"]
    assert not settings["zip_release"] or settings["filename"].endswith(".zip")


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize(("suffix", "scale"), [("", 1), ("@2x", 2)])
def test_the_brand_has_its_pictures_in_the_sizes_asked_for(integration, theme, suffix, scale):
    def size(kind: str) -> tuple[int, int]:
        header = (integration / "brand" / f"{theme}{kind}{suffix}.png").read_bytes()[:24]
        assert header.startswith(b"\x89PNG")
        return int.from_bytes(header[16:20]), int.from_bytes(header[20:24])

    assert size("icon") == (256 * scale, 256 * scale)
    width, height = size("logo")
    assert width > height
    assert 128 * scale <= height <= 256 * scale
