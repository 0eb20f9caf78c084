"""Everything in the simulated house that has a terminal, one module a device."""
