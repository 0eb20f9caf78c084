"""Ask where the simulated house listens."""

from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigFlow, ConfigFlowResult

from .const import CONF_URL, DOMAIN
from .feed import Feed


class HouseConfigFlow(ConfigFlow, domain=DOMAIN):
    """Set up one simulated house."""

    @override
    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Take the address of a house that answers."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._async_abort_entries_match(user_input)
            if await Feed.answers(user_input[CONF_URL]):
                return self.async_create_entry(title="Simulated house", data=user_input)
            errors[CONF_URL] = "cannot_connect"
        schema = probatio.Schema({probatio.Required(CONF_URL): str})
        return self.async_show_form(step_id="user", data_schema=schema, errors=errors)
