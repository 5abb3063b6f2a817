"""The first step of the pipeline: where the migrations are and how they hang together.

Reads files, runs nothing. `find_environments` says where to look; `open_environment` reads the revisions of
one environment and completes it with the databases and dialects that it is for.
"""

from migrate_guard.project.databases import database_names, with_databases
from migrate_guard.project.detect import with_dialects
from migrate_guard.project.environment import Environment
from migrate_guard.project.graph import Graph, LabelClash, ancestors, build_graph
from migrate_guard.project.imports import Import, imports
from migrate_guard.project.load import load_graph, open_environment
from migrate_guard.project.locate import Selection, find_environments
from migrate_guard.project.modules import find_module, is_project_module
from migrate_guard.project.nearby import convention_assigned, convention_mentioned
from migrate_guard.project.script import BrokenScript, Script, Source, read_script
from migrate_guard.project.source import read_module
from migrate_guard.project.symbols import resolve

__all__ = [
    "BrokenScript",
    "Environment",
    "Graph",
    "Import",
    "LabelClash",
    "Script",
    "Selection",
    "Source",
    "ancestors",
    "build_graph",
    "convention_assigned",
    "convention_mentioned",
    "database_names",
    "find_environments",
    "find_module",
    "imports",
    "is_project_module",
    "load_graph",
    "open_environment",
    "read_module",
    "read_script",
    "resolve",
    "with_databases",
    "with_dialects",
]
