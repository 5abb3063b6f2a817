"""`doctor`: what would let the gate pass without looking, or a deploy skip revisions.

Reads the files that test and deploy a project (`read`), and runs its checks on them (`checks`); asks the
pipeline for the rules that say the same of the project's code. Nothing of the project is executed.
"""

from migrate_guard.doctor.examine import examine
from migrate_guard.doctor.model import Checkup, Diagnosis

__all__ = ["Checkup", "Diagnosis", "examine"]
