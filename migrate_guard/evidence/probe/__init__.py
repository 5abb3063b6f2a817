"""What runs inside the project's own interpreter: it loads the models and compares them.

Nothing here imports the rest of migrate-guard, which that interpreter need not have; modules import each
other by their relative names. The project's SQLAlchemy and Alembic do the work, in whatever version it has.
"""
