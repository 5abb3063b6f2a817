"""Exact names of the standard library: what is computed, and what is known to do nothing to a schema."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping

from migrate_guard.evaluate.interpret.plain import is_plain
from migrate_guard.evaluate.values import Value

COMPUTED = frozenset(
    {"json.dumps", "json.loads", "textwrap.dedent", "textwrap.indent", "inspect.cleandoc", "re.sub"}
)
"""Pure functions that are called for real, with concrete values only."""
_SHORT = 64

HARMLESS_MODULES = frozenset(
    """abc base64 binascii calendar collections copy csv dataclasses datetime dateutil decimal enum fractions
    functools gettext hashlib hmac html io itertools json locale logging math numbers operator os pathlib
    platform pprint pytz random re secrets shlex statistics string struct textwrap time traceback types
    typing typing_extensions unicodedata urllib uuid warnings zoneinfo sys contextlib inspect glob
    tqdm progressbar structlog loguru slugify shutil atexit weakref threading bisect pickle zlib gzip bz2
    tempfile heapq difflib socket queue errno codecs asyncio concurrent getpass signal ipaddress mimetypes
    fnmatch linecache unittest gc""".split()
)
"""Modules whose functions cannot reach the migration's connection unless they are given it."""

BUILTIN_HARMLESS = frozenset(
    """classmethod staticmethod property print hash id type format ascii bin hex oct callable vars dir
    input breakpoint object memoryview bytearray complex slice delattr issubclass""".split()
)
"""Builtins whose results are not computed and whose calls do nothing to a schema."""

DATA_METHODS = frozenset(
    """append extend setdefault items keys values get strip lstrip rstrip lower upper split join format
    replace startswith endswith encode decode copy isoformat""".split()
)
"""Methods of plain data: calling one on a value that is not known changes at most that value."""

DIRECTIVES = frozenset(
    """execute exec_driver_sql executemany executescript create_all drop_all run_sync add_column alter_column
    batch_alter_table bulk_insert create_check_constraint create_exclude_constraint create_foreign_key
    create_index create_primary_key create_table create_table_comment create_unique_constraint drop_column
    drop_constraint drop_index drop_table drop_table_comment rename_table""".split()
)
"""Methods that change a database, whatever they are called on."""

PASSING = frozenset({"functools.wraps", "functools.update_wrapper", "inspect.signature", "inspect.getsource"})
"""Functions that do not call the functions they are given."""

LOG_METHODS = frozenset(
    "debug info warning warn error exception critical log notice success trace secho echo write".split()
)


def compute(dotted: str, positional: tuple[Value, ...], keywords: Mapping[str, Value]) -> Value | None:
    """Return what a pure function gives, or `None` if it cannot be called with these values."""
    if dotted not in COMPUTED or not is_plain(positional) or not is_plain(dict(keywords)):
        return None
    if dotted == "re.sub" and not _is_short(positional):
        return None
    module, _, name = dotted.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)(*positional, **keywords)
    except (TypeError, ValueError, RecursionError, re.error):
        return None


def _is_short(values: tuple[Value, ...]) -> bool:
    """Tell whether texts are so short that no regular expression takes long on them, as names are."""
    return all(not isinstance(value, str) or len(value) <= _SHORT for value in values)


def is_harmless(dotted: str) -> bool:
    """Tell whether calling a name from outside does nothing to a schema by itself."""
    root = dotted.partition(".")[0]
    return root in HARMLESS_MODULES and dotted not in {"os.system", "os.execv"}
