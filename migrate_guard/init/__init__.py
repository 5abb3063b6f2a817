"""Set migrate-guard up in a project: what to write for what is there, and how it is written.

Above the pipeline, since the baseline takes a run. Files are only added to: no line of them changes.
"""

from __future__ import annotations

from migrate_guard.init.change import Change, unified_diff, write_all
from migrate_guard.init.plan import Plan, plan

__all__ = ["Change", "Plan", "plan", "unified_diff", "write_all"]
