"""The revision graph as text, JSON, SVG and Mermaid; part of the last stage of the pipeline.

One pure function per format, all from the same drawing.
"""

from migrate_guard.report.graph.json_form import graph_json
from migrate_guard.report.graph.mermaid import graph_mermaid, too_long_for_mermaid
from migrate_guard.report.graph.svg import graph_svg
from migrate_guard.report.graph.text_form import graph_text

__all__ = ["graph_json", "graph_mermaid", "graph_svg", "graph_text", "too_long_for_mermaid"]
