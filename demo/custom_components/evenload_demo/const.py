"""Names used throughout the demo house's integration."""

DOMAIN = "evenload_demo"
CONF_URL = "url"
