"""Packages whose migrations really run, each in its own environment, beside the schema replayed from them."""
