"""Rules about revisions that end in an error."""
