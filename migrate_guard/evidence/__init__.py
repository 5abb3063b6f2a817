"""Second opinions: models, a live database, a scratch server; the only home of SQLAlchemy and Alembic.

Nothing lives here yet: every run says that these were not looked at.
"""
