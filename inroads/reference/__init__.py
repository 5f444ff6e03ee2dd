"""Shared nouns: organisations, areas; and the one loader of `definitions/`."""
