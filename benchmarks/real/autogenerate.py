"""What Alembic's autogenerate finds on a package's real database; runs in the package's own environment.

Gets one JSON object as its argument: that of `upgrade.py`, with the file to write the `answer` to, the
folder of the `probe`, whose way of writing operations down is used, and the `models` as `module:attribute`
where env.py names none. The answer has what is found right after the upgrade, and with the seeds.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from unittest.mock import patch

HERE = Path(__file__).resolve().parent


def loaded(name: str, file: Path) -> Any:
    """Load a module or package by its file, under a name that is none of the package's."""
    folders = [str(file.parent)] if file.name == "__init__.py" else None
    spec = importlib.util.spec_from_file_location(name, file, submodule_search_locations=folders)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def comparing_in_the_end(given: dict[str, Any]) -> AbstractContextManager[object]:
    """Let Alembic compare inside when it has run the migrations, with the options that env.py has set."""
    from alembic.runtime.migration import MigrationContext

    run = MigrationContext.run_migrations

    def run_migrations(self: MigrationContext, **arguments: object) -> None:
        run(self, **arguments)
        compare(self, given)

    return patch.object(MigrationContext, "run_migrations", run_migrations)


def compare(context: Any, given: dict[str, Any]) -> None:
    """Write the answer: the operations that autogenerate finds, and the DDL of the models."""
    from alembic.runtime.migration import MigrationContext

    loaded("migrate_guard_probe", Path(given["probe"], "__init__.py"))
    probe, ddl, named = (
        importlib.import_module(f"migrate_guard_probe.{one}") for one in ("compare", "ddl", "named")
    )
    target = context.opts.get("target_metadata")
    if given["models"]:
        target = named.named_metadatas(given["models"], [])[0]
        # Without env.py, its filters and options do not count either.
        options = {**probe.DEFAULTS, "target_metadata": target}
        context = MigrationContext.configure(context.connection, opts=options)
    if target is None:
        raise SystemExit("NoModelsError: env.py sets no target_metadata")
    first = target[0] if isinstance(target, (list, tuple)) else target
    answer: dict[str, Any] = {}
    for name in ("clean", "seeded"):
        done = loaded("migrate_guard_seeds", HERE / "seeds.py").seeded(first) if name == "seeded" else []
        found = operations(context, target, probe)
        # The statements are asked of a dialect that was never connected, as migrate-guard asks.
        made = ddl.statements(first, probe.make_dialect(given["dialect"]))
        answer[name] = {"operations": found, "ddl": made["ddl"], "seeds": done}
    Path(given["answer"]).write_text(json.dumps(answer), encoding="utf-8")


def operations(context: Any, target: Any, probe: Any) -> list[dict[str, Any]]:
    """Return what `alembic check` would speak of."""
    from alembic.autogenerate import api

    made = api.produce_migrations(context, target)
    scripts = probe.hooked(made, context, context.opts, context.get_current_heads())
    about = api.AutogenContext(context, target)
    found = [leaf for script in scripts for leaf in probe.leaves(script.upgrade_ops_list)]
    return [probe.described(table, one, about) for table, one in found]


def main() -> None:
    """Run the migrations and compare."""
    given = json.loads(sys.argv[1])
    # The folder of the script must not lend its modules to the package.
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != HERE]
    with comparing_in_the_end(given):
        loaded("migrate_guard_upgrade", HERE / "upgrade.py").main()


if __name__ == "__main__":
    main()
