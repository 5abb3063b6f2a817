"""What git knows of the revisions: which are merged, which are new, what is staged.

Asked only for `--base` and `--staged`, by the git program and with commands that change nothing.
"""

from migrate_guard.project.git.changes import Changes, Kept
from migrate_guard.project.git.folders import Committed
from migrate_guard.project.git.look import Looker
from migrate_guard.project.git.occasion import for_pre_commit

__all__ = ["Changes", "Committed", "Kept", "Looker", "for_pre_commit"]
