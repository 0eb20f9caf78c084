"""What must hold of every allocation, whatever the site: the engine's invariants."""
