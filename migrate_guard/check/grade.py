"""Grade findings about locks by how many rows a database really has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from migrate_guard.dialect import parse_dialect
from migrate_guard.finding import Finding, Severity
from migrate_guard.record import replace

if TYPE_CHECKING:
    from migrate_guard.evidence.database.state import DatabaseEvidence

FAMILY = "locking"
SMALL = 10_000
"""Up to so many rows a lock lasts some tens of milliseconds: building an index on 200,000 rows took 67 and
rewriting them 820 on PostgreSQL 15."""


def graded(findings: Iterable[Finding], databases: Sequence[DatabaseEvidence]) -> Iterator[Finding]:
    """Go through the findings; those about locks say how many rows there are, and few make them harmless."""
    for finding in findings:
        rows = [number for one in databases if (number := _rows(finding, one)) is not None]
        yield _with_rows(finding, max(rows)) if rows else finding


def _rows(finding: Finding, database: DatabaseEvidence) -> int | None:
    if finding.family != FAMILY or not finding.table:
        return None
    families = {parse_dialect(text.replace(" ", ":")).family for text in finding.dialects}
    if families != {database.dialect.family}:
        return None
    return next((n for table, n in database.rows.items() if str(table) == finding.table), None)


def _with_rows(finding: Finding, rows: int) -> Finding:
    note = f"{finding.table} has about {rows:,} rows in the database that was looked at"
    severity = min(finding.severity, Severity.INFO) if rows <= SMALL else finding.severity
    return replace(finding, notes=(*finding.notes, note), severity=severity)
