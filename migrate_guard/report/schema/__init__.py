"""A replayed schema as text, JSON, SQL and a diagram; part of the last stage of the pipeline.

One pure function per format. Every format marks what is not certain, in its own way.
"""

from migrate_guard.report.schema.json_form import changes_json, schema_json
from migrate_guard.report.schema.mermaid import mermaid
from migrate_guard.report.schema.sql import sql
from migrate_guard.report.schema.text_changes import changes_text
from migrate_guard.report.schema.text_form import schema_text

__all__ = ["changes_json", "changes_text", "mermaid", "schema_json", "schema_text", "sql"]
