"""How often PostgreSQL evaluates a default when it fills the rows that exist.

A default that is not volatile is evaluated once and stored in the catalogue, from PostgreSQL 11 on; a
volatile one makes ALTER TABLE write every row (ALTER TABLE, Notes; CREATE FUNCTION, volatility).
The volatility of each function here is the one in `pg_proc` of PostgreSQL 18; the tests look it up.
"""

from __future__ import annotations

import re

from migrate_guard.dialects.effect import Volatility
from migrate_guard.pattern import pattern

VOLATILE = frozenset(
    """clock_timestamp currval gen_random_uuid lastval nextval pg_sleep random random_normal setval
    timeofday uuidv4 uuidv7""".split()
)
# The extensions uuid-ossp and pgcrypto: their manual pages.
VOLATILE_IN_EXTENSIONS = frozenset(
    "gen_random_bytes gen_salt uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4".split()
)
STABLE = frozenset(
    """current_database current_schema current_setting json_build_array json_build_object
    jsonb_build_array jsonb_build_object now pg_current_xact_id statement_timestamp to_json
    to_jsonb transaction_timestamp txid_current""".split()
)
IMMUTABLE = frozenset(
    """abs array_append array_fill ascii btrim ceil chr decode encode floor initcap left lower lpad
    ltrim make_date make_interval make_time md5 mod power repeat replace reverse right round rpad rtrim
    sha256 sqrt string_to_array substr to_hex translate trunc upper width_bucket""".split()
)
# Functions that are immutable for some argument types and stable for others.
NOT_VOLATILE = frozenset(
    """age array_to_string concat concat_ws date_part date_trunc extract format length timezone to_char
    to_date to_number to_timestamp""".split()
)
# What the grammar knows without parentheses, or as syntax with a parenthesis after it.
_STABLE_WORDS = frozenset(
    """current_catalog current_date current_role current_schema current_time current_timestamp current_user
    localtime localtimestamp session_user user""".split()
)
_SYNTAX = frozenset(
    "and any array as case cast coalesce else end greatest in is least not nullif or row then when".split()
)
_TYPES = frozenset(
    """bit bpchar char character decimal float interval numeric time timestamp timestamptz timetz varbit
    varchar varying""".split()
)

_TOKEN = pattern(
    r"""(?P<literal>[eEbBxXuU]?&?'(?:[^']|'')*'|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$)
    |(?P<name>(?:"(?:[^"]|"")+"|[^\W\d]\w*)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[^\W\d]\w*))*)
    (?P<call>\s*\()?
    |(?P<other>\S)""",
    re.VERBOSE | re.DOTALL,
)


def expression_volatility(sql: str) -> Volatility:
    """Return how often the expression of a default is evaluated; an unknown function is `unknown`."""
    found: set[Volatility] = {"constant"}
    for match in _TOKEN.finditer(sql):
        name = match.group("name")
        if name is not None:
            found.add(_word_volatility(name.lower(), is_call=match.group("call") is not None))
    order: tuple[Volatility, ...] = ("volatile", "unknown", "stable")
    return next((volatility for volatility in order if volatility in found), "constant")


def _word_volatility(word: str, *, is_call: bool) -> Volatility:
    if word in _STABLE_WORDS:
        return "stable"
    if not is_call or word in _SYNTAX or word in _TYPES:
        return "constant"
    name = word.removeprefix("pg_catalog.")
    if name in VOLATILE or name.rpartition(".")[2] in VOLATILE_IN_EXTENSIONS:
        return "volatile"
    if name in STABLE or name in NOT_VOLATILE:
        return "stable"
    return "constant" if name in IMMUTABLE else "unknown"
