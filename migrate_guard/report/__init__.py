"""From a judgement to text: one pure function per format; eighth and last stage of the pipeline."""

from migrate_guard.report.concise import concise
from migrate_guard.report.github import github
from migrate_guard.report.json_report import json_report
from migrate_guard.report.summary import verdict_line
from migrate_guard.report.terminal import Style
from migrate_guard.report.text import finding_block, text

__all__ = ["Style", "concise", "finding_block", "github", "json_report", "text", "verdict_line"]
