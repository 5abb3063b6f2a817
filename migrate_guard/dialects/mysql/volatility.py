"""How often MySQL and MariaDB evaluate a default while they fill the rows that exist.

Data type default values; the functions that differ from row to row are those that the manuals call not
deterministic.
"""

from __future__ import annotations

import re

from migrate_guard.dialects.effect import Volatility
from migrate_guard.operations import Default, Unknown
from migrate_guard.pattern import pattern

_VOLATILE = frozenset(
    """nextval rand random_bytes sleep sys_guid sysdate uuid uuid_short uuid_v4 uuid_v7 uuidv4 uuidv7
    last_insert_id""".split()
)
_STABLE = frozenset(
    """connection_id curdate current_date current_role current_time current_timestamp current_user curtime
    database localtime localtimestamp now schema session_user system_user unix_timestamp user utc_date
    utc_time utc_timestamp version""".split()
)
_CONSTANT = frozenset(
    """abs array bin_to_uuid cast char coalesce concat convert date hex ifnull interval json_array
    json_object left lower md5 nullif point repeat right round sha1 sha2 str_to_date timestamp trim unhex
    upper uuid_to_bin""".split()
)
_TOKEN = pattern(r"'(?:[^']|'')*'|\"[^\"]*\"|(?P<name>[^\W\d]\w*)(?P<call>\s*\()?|\S")


def default_volatility(default: Default | Unknown | None) -> Volatility:
    """Return how often a default is evaluated; an unknown function is `unknown`."""
    if isinstance(default, Unknown) or (default is not None and isinstance(default.sql, Unknown)):
        return "unknown"
    if default is None or default.quoted or isinstance(default.sql, Unknown):
        return "constant"
    found: set[Volatility] = {_word(m) for m in _TOKEN.finditer(default.sql) if m.group("name") is not None}
    order: tuple[Volatility, ...] = ("volatile", "unknown", "stable")
    return next((volatility for volatility in order if volatility in found), "constant")


def is_expression(default: Default | Unknown | None) -> bool:
    """Tell whether a default is more than a literal or the current timestamp."""
    if default is None or isinstance(default, Unknown) or isinstance(default.sql, Unknown) or default.quoted:
        return False
    text = default.sql.strip()
    plain = (
        r"(?i)('(?:[^']|'')*'|[-+]?[\d.]+|null|true|false|(current_timestamp|now|localtime)\s*(\(\d*\))?.*)"
    )
    return re.fullmatch(plain, text) is None


def _word(match: re.Match[str]) -> Volatility:
    word = match.group("name").lower()
    if match.group("call") is None:
        return "stable" if word.startswith(("current_", "localtime")) else "constant"
    if word in _VOLATILE:
        return "volatile"
    if word in _STABLE:
        return "stable"
    return "constant" if word in _CONSTANT else "unknown"
