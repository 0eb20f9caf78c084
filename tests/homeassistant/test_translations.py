"""Every text that Home Assistant looks up is there: fields with their help, states, errors."""

import json
from pathlib import Path

import pytest
from homeassistant.data_entry_flow import section
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.selector import SelectSelector

from custom_components.evenload import forms, load_forms
from custom_components.evenload.circuit_form import circuit_form
from custom_components.evenload.inspect_entity import Flaw
from custom_components.evenload.kinds import KINDS
from evenload.model.site import MAIN, Phase
from tests.homeassistant.house import site_entry
from tests.homeassistant.test_setup import set_up

FOLDER = Path("custom_components/evenload")
TEXTS = json.loads((FOLDER / "translations/en.json").read_text(encoding="utf-8"))
ICONS = json.loads((FOLDER / "icons.json").read_text(encoding="utf-8"))
PHASES = tuple(Phase)
CIRCUITS = {"01J": "Garage"}

SITE_STEPS = TEXTS["config"]["step"]
OPTION_STEPS = TEXTS["options"]["step"]
CHARGER_STEPS = TEXTS["config_subentries"]["charger"]["step"]
LOAD_STEPS = TEXTS["config_subentries"]["load"]["step"]
CIRCUIT_STEPS = TEXTS["config_subentries"]["circuit"]["step"]

FORMS = {
    "user": (SITE_STEPS["user"], forms.connection_form()),
    "reconfigure": (SITE_STEPS["reconfigure"], forms.connection_form()),
    "sources": (SITE_STEPS["sources"], forms.sources_form(PHASES, with_preferences=True)),
    "options": (OPTION_STEPS["init"], forms.preferences_form()),
    "charger user": (CHARGER_STEPS["user"], load_forms.charger_device_form()),
    "charger device": (CHARGER_STEPS["device"], load_forms.charger_device_form()),
    "station": (CHARGER_STEPS["station"], load_forms.identity_form(())),
    "discovered station": (
        SITE_STEPS["station"],
        load_forms.station_form(PHASES, CIRCUITS, plugs=1, is_new=True),
    ),
    "new station": (
        CHARGER_STEPS["new_station"],
        load_forms.station_form(PHASES, CIRCUITS, plugs=1, is_new=True),
    ),
    "known station": (
        CHARGER_STEPS["known_station"],
        load_forms.station_form(
            PHASES,
            CIRCUITS,
            plugs=load_forms.MOST_PLUGS,
            is_new=False,
            tokens=[{"token": "04A2B3C4", "token_name": "Card"}],
        ),
    ),
    "ocpp charger": (CHARGER_STEPS["ocpp_charger"], load_forms.ocpp_charger_form(())),
    "new ocpp charger": (
        CHARGER_STEPS["new_ocpp"],
        load_forms.ocpp_form(PHASES, CIRCUITS, plugs=load_forms.MOST_PLUGS, is_new=True),
    ),
    "known ocpp charger": (
        CHARGER_STEPS["known_ocpp"],
        load_forms.ocpp_form(PHASES, CIRCUITS, plugs=load_forms.MOST_PLUGS, is_new=False),
    ),
    "charger": (
        CHARGER_STEPS["charger"],
        load_forms.charger_form(PHASES, CIRCUITS, with_preferences=True),
    ),
    "charger reconfigure": (
        CHARGER_STEPS["reconfigure"],
        load_forms.charger_form(PHASES, CIRCUITS, with_preferences=False),
    ),
    **{
        f"{prefix}{name}": (
            LOAD_STEPS[f"{prefix}{name}"],
            load_forms.load_form(kind, PHASES, CIRCUITS, is_new=not prefix),
        )
        for name, kind in KINDS.items()
        for prefix in ("", "change_")
    },
    "circuit": (CIRCUIT_STEPS["user"], circuit_form(PHASES, CIRCUITS)),
    "circuit reconfigure": (CIRCUIT_STEPS["reconfigure"], circuit_form(PHASES, CIRCUITS)),
}


def assert_fields_are_told(texts, form):
    """Check that each field of a form has a name and a help line, and that nothing else has."""
    fields = {str(key) for key, field in form.schema.items() if not isinstance(field, section)}
    assert set(texts.get("data", {})) == fields
    assert set(texts.get("data_description", {})) == fields
    for field in form.schema.values():
        if isinstance(field, SelectSelector) and "translation_key" in field.config:
            options = TEXTS["selector"][field.config["translation_key"]]["options"]
            # An option with a label of its own is named by people.
            words = {choice for choice in field.config["options"] if isinstance(choice, str)}
            assert set(options) == (words or {MAIN})


@pytest.mark.parametrize("name", FORMS)
def test_every_field_of_every_form_has_a_name_and_a_help_line(name):
    texts, form = FORMS[name]
    assert_fields_are_told(texts, form)
    sections = {str(key): field for key, field in form.schema.items() if isinstance(field, section)}
    assert set(texts.get("sections", {})) == set(sections)
    for key, field in sections.items():
        assert texts["sections"][key]["name"]
        assert_fields_are_told(texts["sections"][key], field.schema)


def test_every_flaw_of_an_entity_has_its_words():
    assert set(Flaw) <= set(TEXTS["config"]["error"])
    at_run_time = set(Flaw) - {Flaw.STALE, Flaw.IMPLAUSIBLE}
    for kind in ("charger", "load"):
        assert at_run_time <= set(TEXTS["config_subentries"][kind]["error"])


async def test_every_entity_has_a_name_an_icon_and_words_for_its_states(hass, house):
    entry = await set_up(hass, site_entry())
    registered = er.async_entries_for_config_entry(er.async_get(hass), entry.entry_id)
    assert len(registered) > 20
    for entity in registered:
        texts = TEXTS["entity"][entity.domain][entity.translation_key]
        assert texts["name"]
        assert ICONS["entity"][entity.domain][entity.translation_key]["default"]
        options = (entity.capabilities or {}).get("options")
        assert set(texts.get("state", {})) == set(options or ())
        state = hass.states.get(entity.entity_id)
        if state is not None and "explanation" in state.attributes:
            own = {"explanation", "problems", "by", "until"} & set(state.attributes)
            assert own <= set(texts["state_attributes"])
