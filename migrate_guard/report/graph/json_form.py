"""A drawing as JSON: the contract that `graph-v1.schema.json` beside this module describes.

Within version 1, fields may be added; none is removed or changes its meaning.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from migrate_guard.drawing import Drawing, Node
from migrate_guard.finding import Finding

VERSION = 1
Object = dict[str, object]


def graph_json(drawings: Sequence[Drawing]) -> str:
    """Return the drawings as one JSON document of ASCII characters, ending in a newline."""
    document = {"version": VERSION, "environments": [_environment(one) for one in drawings]}
    return json.dumps(document, indent=2) + "\n"


def _environment(drawing: Drawing) -> Object:
    return {
        "name": drawing.environment,
        "dialects": list(drawing.dialects),
        "heads": list(drawing.heads),
        "bases": list(drawing.bases),
        "against": drawing.against,
        "checked": drawing.checked,
        "revisions": [_node(node) for node in drawing.nodes],
        "hidden": len(drawing.hidden),
        "findings": [_finding(finding) for finding in drawing.loose],
        "suppressed": drawing.suppressed,
        "in_baseline": drawing.in_baseline,
        "notes": list(drawing.notes),
    }


def _node(node: Node) -> Object:
    return {
        "revision": node.revision,
        "reading": node.reading,
        "message": node.message,
        "path": node.path or None,
        "down_revisions": list(node.parents),
        "depends_on": list(node.depends_on),
        "branch_labels": list(node.labels),
        "head": node.head,
        "base": node.base,
        "novelty": node.novelty,
        "judged": node.judged,
        "findings": [_finding(finding) for finding in node.findings],
        "remarks": list(node.remarks),
    }


def _finding(finding: Finding) -> Object:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "confidence": str(finding.confidence),
        "message": finding.message,
        "path": finding.span.path,
        "line": finding.span.line,
        "fingerprint": finding.fingerprint,
    }
