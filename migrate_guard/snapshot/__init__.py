"""The schema of every environment at a revision, and what changed between two; beside the rules.

Takes the replay of the second to fourth stages as it is and judges nothing.
"""

from migrate_guard.snapshot.model import Change, Snapshot, Snapshots, Unread
from migrate_guard.snapshot.take import change, compared, snapshots

__all__ = ["Change", "Snapshot", "Snapshots", "Unread", "change", "compared", "snapshots"]
