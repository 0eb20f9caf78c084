"""Files that say, one behaviour each, what Evenload does in a given situation, and why."""
