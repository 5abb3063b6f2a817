"""How far our SQL reader agrees with libpg_query, on every literal SQL string of the corpus.

Run `python -m benchmarks.corpus` first, then `python -m benchmarks.sql_agreement [--differences N]`.
"""

from __future__ import annotations

import argparse
import ast
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

from benchmarks.corpus import CACHE
from benchmarks.sql.compare import POSTGRESQL, Comparison, compare
from migrate_guard.evaluate.sql import HOLE, read_sql
from migrate_guard.evaluate.sql.libpg import available
from migrate_guard.span import Span

_EXECUTES = frozenset(("execute", "text", "DDL", "exec_driver_sql"))


def literals(folder: Path) -> Iterator[str]:
    """Go through the literal SQL strings of all revision files below a folder, once each.

    Values put into an f-string stand as a name, so that both readers can take it.
    """
    seen: set[str] = set()
    for path in sorted(folder.rglob("*.py")):
        source = path.read_text(encoding="utf-8", errors="replace")
        if "execute(" not in source or "revision" not in source:
            continue
        for text in _in_file(source):
            if text not in seen:
                seen.add(text)
                yield text


def _in_file(source: str) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(source)
        except (SyntaxError, ValueError):
            return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _callee(node) in _EXECUTES:
            text = _text(node.args[0])
            if text is not None and text.strip():
                yield text


def _callee(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [part.value if isinstance(part, ast.Constant) else HOLE for part in node.values]
        return "".join(map(str, parts))
    return None


def main(arguments: list[str]) -> int:
    """Print the agreement; with `--differences N` the first N differences too."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--differences", type=int, default=0, metavar="N")
    parser.add_argument("folder", nargs="?", type=Path, default=CACHE)
    options = parser.parse_args(arguments)
    if not available():
        print("libpg_query is not installed: pip install 'migrate-guard[postgresql]'", file=sys.stderr)
        return 2
    texts = list(literals(options.folder))
    if not texts:
        print(f"no SQL in {options.folder}: run `python -m benchmarks.corpus` first", file=sys.stderr)
        return 2
    _report([compare(text.replace(HOLE, "x_hole")) for text in texts], options.differences)
    _report_speed(texts)
    return 0


def _report(results: list[Comparison], shown: int) -> None:
    refused = [result for result in results if result.refused]
    compared = [result for result in results if result.compared]
    differing = [result for result in compared if not result.agree]
    opaque = sum(bool(result.opaque) for result in differing)
    agreeing = len(compared) - len(differing)
    read = sum(not result.opaque for result in refused)
    print(
        f"{len(results)} distinct SQL strings, {len(refused)} refused by libpg_query, of which we read {read}"
    )
    print(f"{len(compared)} compared: {agreeing} agree ({agreeing / max(len(compared), 1):.2%})")
    print(f"{opaque} of the differences are opaque to us, {len(differing) - opaque} are read otherwise")
    for result in differing[:shown]:
        ours, theirs = set(result.ours), set(result.theirs)
        print(f"\n{result.text.strip()[:400]}")
        print(f"  ours   {sorted(ours - theirs)}\n  theirs {sorted(theirs - ours)}")
        print("".join(f"  {reason}\n" for reason in result.opaque), end="")


def _report_speed(texts: list[str]) -> None:
    place = Span("", 1, 1, 1, 1)
    start = time.perf_counter()
    count = sum(len(read_sql(text, POSTGRESQL, lambda _, __: place)) for text in texts)
    elapsed = time.perf_counter() - start
    print(f"{count} operations in {elapsed:.2f} s, {elapsed / max(count, 1) * 1000:.3f} ms each")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
