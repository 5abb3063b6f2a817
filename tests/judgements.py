"""Judgements made by hand and by hypothesis, for the tests of what comes after the rules."""

from __future__ import annotations

from hypothesis import strategies as st

from migrate_guard.finding import Confidence, Finding, Lock, Related, Severity
from migrate_guard.judgement import EnvironmentSummary, InternalError, Judgement, Summary
from migrate_guard.span import Span

PATH = "migrations/versions/3f2a_index_orders.py"
SOURCE = '''"""Index orders."""

revision = "3f2a"
down_revision = "8c1d"


def upgrade():
    op.create_index("ix_orders_customer_id", "orders", ["customer_id"])
    op.create_foreign_key(
        "fk_orders_customer",
        "orders",
        "customers",
        ["customer_id"],
        ["id"],
    )
\top.drop_column("größe", "漢字")  # 漢字
'''
LINES = tuple(SOURCE.splitlines())
NOT_CHECKED = ("models (no --models)", "database (no --database-url)")


def environment(name: str = "alembic.ini", **changes: object) -> EnvironmentSummary:
    """Return the summary of one environment."""
    fields: dict[str, object] = {
        "name": name,
        "kind": "alembic.ini",
        "revisions": 215,
        "judged": 3,
        "heads": ("3f2a",),
        "dialects": ("postgresql 15",),
        "dialect_reason": "from sqlalchemy.url in alembic.ini",
    }
    return EnvironmentSummary(**(fields | changes))  # type: ignore[arg-type]  # the tests name real fields


def finding(**changes: object) -> Finding:
    """Return an error about the index on line 8, with the given fields changed."""
    fields: dict[str, object] = {
        "rule": "index-blocks-writes",
        "family": "locking",
        "severity": Severity.ERROR,
        "confidence": Confidence.CERTAIN,
        "message": "building ix_orders_customer_id blocks writes to orders until it ends",
        "span": Span(PATH, 8, 5, 8, 72),
        "identity": ("index-blocks-writes", "3f2a", "orders", "0"),
        "environment": "alembic.ini",
        "revision": "3f2a",
    }
    return Finding(**(fields | changes))  # type: ignore[arg-type]  # the tests name real fields


def judgement(*findings: Finding, **summary: object) -> Judgement:
    """Return a judgement of three new revisions on 212 older ones."""
    fields: dict[str, object] = {
        "environments": (environment(),),
        "revisions": 215,
        "judged": 3,
        "replayed": 212,
        "operations": 900,
        "opaque": 2,
        "not_checked": NOT_CHECKED,
    }
    made = Summary(**(fields | summary))  # type: ignore[arg-type]  # the tests name real fields
    return Judgement(findings, made, {PATH: LINES})


# What means something to a service that shows a report, beside everything else.
_SPECIAL = st.sampled_from(
    [
        "::error::x",
        "a | b",
        "`code` ```",
        "<b>&amp;</b>",
        "]]>",
        "--> <!--",
        "@team #1 [a](1) ![i](u)",
        "{0} {x} {{1}}",
        "1. a\n\n- b",
        "\x00\x1b[2J\ufffe\r\n",
        "</details>\n\n# x",
        "$x$ ~~y~~ http://a.example",
    ]
)
_TEXT = st.text(max_size=40) | st.lists(_SPECIAL, min_size=1, max_size=3).map(" ".join)
_NAMES = st.from_regex(r"\A[a-z]{1,8}(-[a-z]{1,8}){0,2}\Z")
_PATHS = st.sampled_from([PATH, "other.py", "a b/c,d:e.py", "::error::x.py"]) | st.text(
    min_size=1, max_size=12
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """Draw a span, which may lie outside of its file."""
    line, column = draw(st.integers(1, 30)), draw(st.integers(1, 90))
    more = draw(st.integers(0, 12))
    end_column = draw(st.integers(1, 90)) if more else column + draw(st.integers(0, 90))
    return Span(draw(_PATHS), line, column, line + more, end_column)


_LOCKS = st.builds(Lock, _TEXT, _TEXT, st.sampled_from(["writes", "reads and writes"]), st.booleans(), _TEXT)
FINDINGS = st.builds(
    Finding,
    rule=_NAMES,
    family=_NAMES,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=_TEXT,
    span=spans(),
    identity=st.tuples(_NAMES, _TEXT, _TEXT, st.just("0")),
    environment=st.sampled_from(["alembic.ini", "billing/alembic.ini"]),
    revision=st.none() | _TEXT,
    label=_TEXT,
    help=st.none() | _TEXT,
    notes=st.lists(_TEXT, max_size=2).map(tuple),
    related=st.lists(st.builds(Related, _TEXT, spans()), max_size=2).map(tuple),
    suppressed=st.none() | _TEXT,
    locks=st.lists(_LOCKS, max_size=2).map(tuple),
)
_COUNTS = st.integers(0, 10_000)
_SUMMARIES = st.builds(
    Summary,
    environments=st.sampled_from(
        [(), (environment(),), (environment(), environment("billing/alembic.ini", dialects=("sqlite",)))]
    ),
    revisions=_COUNTS,
    judged=_COUNTS,
    replayed=_COUNTS,
    operations=_COUNTS,
    opaque=_COUNTS,
    conditional=_COUNTS,
    reasons=st.lists(st.tuples(_TEXT, _COUNTS), max_size=2).map(tuple),
    not_checked=st.lists(_TEXT, max_size=2).map(tuple),
)
JUDGEMENTS = st.builds(
    Judgement,
    findings=st.lists(FINDINGS, max_size=6).map(tuple),
    summary=_SUMMARIES,
    sources=st.dictionaries(_PATHS, st.lists(st.text(max_size=90), max_size=30).map(tuple), max_size=2)
    | st.just({PATH: LINES}),
    internal_errors=st.lists(st.builds(InternalError, _NAMES, _TEXT, _TEXT), max_size=1).map(tuple),
    skipped=st.lists(_TEXT, max_size=1).map(tuple),
)
