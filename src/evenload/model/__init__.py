"""The frozen nouns that every other part speaks in, and the YAML form of a site."""
