"""Bring a database to the head of a package's history; runs in the package's own environment, alone.

Gets one JSON object as its argument; imports nothing of this project, and any Alembic will do.
"""

from __future__ import annotations

import json
import sys


def main() -> None:
    """Run the program that the package asks for, or Alembic's `upgrade heads`."""
    given = json.loads(sys.argv[1])
    scope = {"url": given["url"], "location": given["location"]}
    if given["program"]:
        exec(given["program"], scope)  # the list of packages is a part of this project
        return
    exec(given["before"], scope)
    from alembic import command
    from alembic.config import Config

    config = Config(given["ini"] or None)
    config.set_main_option("script_location", given["location"].replace("%", "%%"))
    config.set_main_option("sqlalchemy.url", given["url"].replace("%", "%%"))
    command.upgrade(config, "heads")


if __name__ == "__main__":
    main()
