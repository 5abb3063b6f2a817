"""Rules about changes that the running release does not expect."""
