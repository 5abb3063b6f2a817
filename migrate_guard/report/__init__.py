"""From a judgement to text: one module per format; eighth and last stage of the pipeline."""

from migrate_guard.report.formats import FORMATS, PAGES, Context, render
from migrate_guard.report.summary import verdict_line
from migrate_guard.report.terminal import Style
from migrate_guard.report.text import finding_block, text

__all__ = ["FORMATS", "PAGES", "Context", "Style", "finding_block", "render", "text", "verdict_line"]
