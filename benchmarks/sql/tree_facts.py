"""Facts from PostgreSQL's own parse tree, in the form of `facts.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.sql.facts import Fact, flags
from benchmarks.sql.tree_alter import alter_table, dropping
from benchmarks.sql.tree_columns import (
    column_constraints,
    column_facts,
    constraint_facts,
    relation_name,
    strings,
)
from migrate_guard.evaluate.sql.libpg import Tree

_LOCKS = (
    "",
    "ACCESS SHARE",
    "ROW SHARE",
    "ROW EXCLUSIVE",
    "SHARE UPDATE EXCLUSIVE",
    "SHARE",
    "SHARE ROW EXCLUSIVE",
    "EXCLUSIVE",
    "ACCESS EXCLUSIVE",
)


def facts_of_tree(tree: Tree) -> list[Fact] | None:
    """Return what a statement says, `None` for one of a kind that is not compared."""
    describe = _FACTS.get(tree.kind)
    return None if describe is None else list(describe(tree))


def _create_table(tree: Tree) -> Iterator[Fact]:
    relation = tree.get("relation")
    table = relation_name(relation)
    elements = tree.all("table_elts")
    states = flags(
        if_not_exists=tree.flag("if_not_exists"),
        temporary=relation.text("relpersistence") == "t",
        unlogged=relation.text("relpersistence") == "u",
        partitioned=tree.has("partspec"),
    )
    likes = [
        relation_name(element.get("relation")) for element in elements if element.kind == "TableLikeClause"
    ]
    parents = [relation_name(parent) for parent in tree.all("inh_relations")]
    yield ("create table", table, *states, *likes, *parents)
    columns = [element for element in elements if element.kind == "ColumnDef"]
    if not (likes or tree.has("partbound") or tree.has("of_typename")):
        for column in columns:
            yield from column_facts(table, column)
    for element in elements:
        if element.kind == "ColumnDef":
            yield from column_constraints(table, element)
        elif element.kind == "Constraint":
            yield from constraint_facts(table, element)


def _create_table_as(tree: Tree) -> Iterator[Fact]:
    relation = tree.get("into").get("rel")
    if tree.choice("objtype") == "OBJECT_MATVIEW":
        yield ("create materialized view", "", "", *flags(if_not_exists=tree.flag("if_not_exists")))
        return
    states = flags(
        if_not_exists=tree.flag("if_not_exists"),
        temporary=relation.text("relpersistence") == "t",
        unlogged=relation.text("relpersistence") == "u",
        as_select=True,
    )
    yield ("create table", relation_name(relation), *states)


def _index(tree: Tree) -> Iterator[Fact]:
    columns = ",".join(element.text("name") or "()" for element in tree.all("index_params"))
    states = flags(
        unique=tree.flag("unique"),
        concurrently=tree.flag("concurrent"),
        if_not_exists=tree.flag("if_not_exists"),
        where=tree.has("where_clause"),
        nulls_not_distinct=tree.flag("nulls_not_distinct"),
    )
    table = relation_name(tree.get("relation"))
    yield (
        "create index",
        table,
        tree.text("idxname"),
        columns,
        tree.text("access_method") or "btree",
        *states,
    )


_KINDS = {
    "OBJECT_MATVIEW": "materialized view",
    "OBJECT_STATISTIC_EXT": "statistics",
    "OBJECT_FOREIGN_SERVER": "server",
    "OBJECT_ROUTINE": "function",
    "OBJECT_EVENT_TRIGGER": "event trigger",
    "OBJECT_FOREIGN_TABLE": "foreign table",
    "OBJECT_OPCLASS": "operator",
    "OBJECT_OPFAMILY": "operator",
} | dict.fromkeys(
    (
        "OBJECT_FDW",
        "OBJECT_TSCONFIGURATION",
        "OBJECT_TSDICTIONARY",
        "OBJECT_ACCESS_METHOD",
        "OBJECT_CONVERSION",
        "OBJECT_LANGUAGE",
        "OBJECT_TRANSFORM",
        "OBJECT_TSPARSER",
        "OBJECT_TSTEMPLATE",
    ),
    "other",
)


def _drop(tree: Tree) -> Iterator[Fact]:
    kind = tree.choice("remove_type")
    for item in tree.all("objects"):
        parts = strings(item.all("items"))
        if kind == "OBJECT_TABLE":
            yield ("drop table", ".".join(parts), *dropping(tree))
        elif kind == "OBJECT_INDEX":
            schema = parts[0] if len(parts) > 1 else ""
            concurrently = flags(concurrently=tree.flag("concurrent"))
            yield ("drop index", schema, parts[-1], *concurrently, *dropping(tree))
        else:
            word = _KINDS.get(kind, kind.removeprefix("OBJECT_").lower())
            yield (f"drop {word}", *dropping(tree))


def _rename(tree: Tree) -> Iterator[Fact]:
    kind, relation, to = tree.choice("rename_type"), tree.get("relation"), tree.text("newname")
    schema = relation.text("schemaname")
    if kind == "OBJECT_TABLE":
        yield ("RenameTable", relation_name(relation), f"{schema}.{to}" if schema else to)
    elif kind == "OBJECT_COLUMN" and tree.choice("relation_type") == "OBJECT_TABLE":
        yield ("RenameColumn", relation_name(relation), tree.text("subname"), to)
    elif kind == "OBJECT_TABCONSTRAINT":
        yield ("RenameConstraint", relation_name(relation), tree.text("subname"), to)
    elif kind == "OBJECT_INDEX":
        yield ("RenameIndex", relation.text("relname"), to)
    else:
        yield ("AlterObject",)


def _set_schema(tree: Tree) -> Iterator[Fact]:
    if tree.choice("object_type") == "OBJECT_TABLE":
        relation = tree.get("relation")
        yield ("RenameTable", relation_name(relation), f"{tree.text('newschema')}.{relation.text('relname')}")
    else:
        yield ("AlterObject",)


def _create_enum(tree: Tree) -> Iterator[Fact]:
    name = ".".join(strings(tree.all("type_name")))
    yield ("create enum", name, ",".join(strings(tree.all("vals"))))


def _alter_enum(tree: Tree) -> Iterator[Fact]:
    name = ".".join(strings(tree.all("type_name")))
    if tree.text("old_val"):
        yield ("RenameEnumValue", name, tree.text("old_val"), tree.text("new_val"))
        return
    neighbour, after = tree.text("new_val_neighbor"), tree.flag("new_val_is_after")
    sides = ("", neighbour) if after else (neighbour, "")
    states = flags(if_not_exists=tree.flag("skip_if_new_val_exists"))
    yield ("add enum value", name, tree.text("new_val"), *sides, *states)


def _insert(tree: Tree) -> Iterator[Fact]:
    yield from _ctes(tree)
    columns = ",".join(column.text("name") for column in tree.all("cols"))
    yield ("insert", relation_name(tree.get("relation")), columns)


def _update(tree: Tree) -> Iterator[Fact]:
    yield from _ctes(tree)
    columns = ",".join(target.text("name") for target in tree.all("target_list"))
    yield ("update", relation_name(tree.get("relation")), columns, *flags(where=tree.has("where_clause")))


def _delete(tree: Tree) -> Iterator[Fact]:
    yield from _ctes(tree)
    yield ("delete", relation_name(tree.get("relation")), *flags(where=tree.has("where_clause")))


def _ctes(tree: Tree) -> Iterator[Fact]:
    """Describe the CTEs that write."""
    for cte in tree.get("with_clause").all("ctes"):
        query = cte.get("ctequery")
        if query.kind in ("InsertStmt", "UpdateStmt", "DeleteStmt"):
            yield from _FACTS[query.kind](query)


def _select(tree: Tree) -> Iterator[Fact]:
    yield from _ctes(tree)
    into = tree.get("into_clause")
    if into.kind:
        relation = into.get("rel")
        states = flags(
            temporary=relation.text("relpersistence") == "t", unlogged=relation.text("relpersistence") == "u"
        )
        yield ("create table", relation_name(relation), *states, "as_select")
    else:
        yield ("Query",)


def _truncate(tree: Tree) -> Iterator[Fact]:
    cascade = flags(cascade=tree.choice("behavior") == "DROP_CASCADE")
    for relation in tree.all("relations"):
        yield ("truncate", relation_name(relation), *cascade)


def _lock(tree: Tree) -> Iterator[Fact]:
    for relation in tree.all("relations"):
        yield ("lock", relation_name(relation), _LOCKS[tree.number("mode")])


def _comment(tree: Tree) -> Iterator[Fact]:
    parts = strings(tree.get("object").all("items"))
    kind = tree.choice("objtype")
    if kind == "OBJECT_TABLE":
        yield ("comment on table", ".".join(parts))
    elif kind == "OBJECT_COLUMN":
        what = "set comment" if tree.text("comment") else "drop comment"
        yield ("alter column", ".".join(parts[:-1]), parts[-1], what)
    else:
        yield ("Administer",)


def _maintain(tree: Tree) -> Iterator[Fact]:
    for _ in tree.all("rels") or [tree]:
        yield ("Maintain",)


def _kind(name: str) -> Callable[[Tree], Iterator[Fact]]:
    def describe(_: Tree) -> Iterator[Fact]:
        yield (name,)

    return describe


_FACTS: dict[str, Callable[[Tree], Iterator[Fact]]] = {
    "CreateStmt": _create_table,
    "CreateTableAsStmt": _create_table_as,
    "AlterTableStmt": alter_table,
    "IndexStmt": _index,
    "DropStmt": _drop,
    "RenameStmt": _rename,
    "AlterObjectSchemaStmt": _set_schema,
    "CreateEnumStmt": _create_enum,
    "AlterEnumStmt": _alter_enum,
    "InsertStmt": _insert,
    "UpdateStmt": _update,
    "DeleteStmt": _delete,
    "SelectStmt": _select,
    "TruncateStmt": _truncate,
    "LockStmt": _lock,
    "VacuumStmt": _maintain,
    "CommentStmt": _comment,
} | {
    kind: _kind(name)
    for name, kinds in {
        "Maintain": "ReindexStmt ClusterStmt RefreshMatViewStmt",
        "ControlTransaction": "TransactionStmt",
        "Query": "VariableShowStmt",
        "SetParameter": "VariableSetStmt ConstraintsSetStmt",
        "AlterObject": """AlterSeqStmt AlterDomainStmt AlterOwnerStmt AlterExtensionStmt AlterFunctionStmt
        AlterPolicyStmt AlterRoleStmt AlterDatabaseStmt AlterDatabaseSetStmt AlterStatsStmt AlterEventTrigStmt
        AlterPublicationStmt AlterSubscriptionStmt""",
        "Administer": """GrantStmt GrantRoleStmt AlterDefaultPrivilegesStmt NotifyStmt ListenStmt UnlistenStmt
        DiscardStmt CheckPointStmt ReassignOwnedStmt AlterSystemStmt DeallocateStmt SecLabelStmt""",
        "Opaque": "CallStmt ExecuteStmt PrepareStmt",
    }.items()
    for kind in kinds.split()
}
