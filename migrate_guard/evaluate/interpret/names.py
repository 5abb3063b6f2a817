"""Exact names of the standard library: what is computed, and what is known to do nothing to a schema."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Mapping

from migrate_guard.evaluate.interpret.plain import is_plain
from migrate_guard.evaluate.values import Value

COMPUTED: Mapping[str, Callable[..., Value]] = {
    "json.dumps": json.dumps,
    "json.loads": json.loads,
    "textwrap.dedent": textwrap.dedent,
    "textwrap.indent": textwrap.indent,
    "inspect.cleandoc": lambda text: textwrap.dedent(text).strip(),
}
"""Pure functions that are called for real, with concrete values only."""

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

LOG_METHODS = frozenset(
    "debug info warning warn error exception critical log notice success trace secho echo write".split()
)


def compute(dotted: str, positional: tuple[Value, ...], keywords: Mapping[str, Value]) -> Value | None:
    """Return what a pure function gives, or `None` if it cannot be called with these values."""
    function = COMPUTED.get(dotted)
    if function is None or not is_plain(positional) or not is_plain(dict(keywords)):
        return None
    try:
        return function(*positional, **keywords)
    except (TypeError, ValueError, RecursionError):
        return None


def is_harmless(dotted: str) -> bool:
    """Tell whether calling a name from outside does nothing to a schema by itself."""
    root = dotted.partition(".")[0]
    return root in HARMLESS_MODULES and dotted not in {"os.system", "os.execv"}
