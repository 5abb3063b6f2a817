"""What the real Alembic does when a revision really runs, put beside what reading it says."""
