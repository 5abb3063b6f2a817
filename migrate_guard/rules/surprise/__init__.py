"""Rules about calls that do something else than they seem to say."""
