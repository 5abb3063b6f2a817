"""Rules about rows and columns that do not come back."""
