"""What the user asked for, resolved before the pipeline starts: default < file < flag.

`Config` is what the pipeline sees; `load_config` makes it from a configuration file and flags; `OPTIONS`
is the one table that parsing, error messages and documentation come from.
"""

from migrate_guard.config.load import load_config
from migrate_guard.config.model import Config
from migrate_guard.config.options import OPTIONS, Option, options_markdown

__all__ = ["OPTIONS", "Config", "Option", "load_config", "options_markdown"]
