"""Rules about how revisions hang together."""
