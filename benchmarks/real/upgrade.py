"""Bring a database to the head of a package's history; runs in the package's own environment, alone.

Gets one JSON object as its argument; imports nothing of this project, and any Alembic will do. Writes the
names of the tables and sequences that were there before the first revision ran to the file that
`before_file` names.
"""

from __future__ import annotations

import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch


def noting_tables(file: Path) -> AbstractContextManager[object]:
    """Let Alembic tell inside which tables it finds when it starts: the application may have made some."""
    import sqlalchemy as sa
    from alembic.runtime.migration import MigrationContext

    run = MigrationContext.run_migrations

    def run_migrations(self: MigrationContext, **arguments: object) -> None:
        if not file.exists() and self.connection is not None:
            inspector = sa.inspect(self.connection)
            names = inspector.get_table_names()
            if self.connection.dialect.name == "postgresql":
                names += inspector.get_sequence_names()
            file.write_text(json.dumps(names), encoding="utf-8")
        run(self, **arguments)

    return patch.object(MigrationContext, "run_migrations", run_migrations)


def main() -> None:
    """Run the program that the package asks for, or Alembic's `upgrade heads`."""
    given = json.loads(sys.argv[1])
    with noting_tables(Path(given["before_file"])):
        upgrade(given)


def upgrade(given: dict[str, str]) -> None:
    """Run what brings the database to the head."""
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
