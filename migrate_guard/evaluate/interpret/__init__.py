"""The abstract interpreter: walks the syntax tree of a revision without running it."""
