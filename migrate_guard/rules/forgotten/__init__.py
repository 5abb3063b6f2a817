"""Rules about what a revision should have said."""
