"""A live database as evidence: where it stands in the history, and whether it is what the history says.

The project's own interpreter connects, since it has the driver (`migrate_guard/evidence/probe/database.py`),
in a read-only session with short timeouts. Nothing is imported by the package itself.
"""
