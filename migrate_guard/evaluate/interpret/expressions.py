"""Expressions: from a node of the syntax tree to a value."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from migrate_guard.evaluate.interpret import comprehensions, lookups, plain
from migrate_guard.evaluate.interpret.calling import call_node
from migrate_guard.evaluate.interpret.choices import choose, condition_of
from migrate_guard.evaluate.interpret.frames import Raise
from migrate_guard.evaluate.interpret.objects import FunctionValue
from migrate_guard.evaluate.interpret.operators import combine, compare, negate, truth, unary
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.interpret.sizes import is_small_number
from migrate_guard.evaluate.interpret.strings import formatted
from migrate_guard.evaluate.values import PartialText, Thing, Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

_BINARY_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%",
    ast.Pow: "**", ast.LShift: "<<", ast.RShift: ">>", ast.BitOr: "|", ast.BitAnd: "&",
    ast.BitXor: "^", ast.MatMult: "@",
}  # fmt: skip
_COMPARE_SIGNS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
    ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
_UNARY_SIGNS: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~"}
_WORTH_PLACING = 8


def sign_of(node: ast.operator) -> str:
    """Return Python's sign for a binary operator."""
    return _BINARY_SIGNS[type(node)]


def _constant(interpreter: Interpreter, node: ast.Constant, scope: Scope) -> Value:
    value = node.value
    if isinstance(value, str) and len(value) >= _WORTH_PLACING:
        interpreter.note_literal(node, scope.module.source)
    return value if is_small_number(value) else plain.TOO_LARGE


def _name(interpreter: Interpreter, node: ast.Name, scope: Scope) -> Value:
    return lookups.name_value(interpreter, node.id, scope)


def _attribute(interpreter: Interpreter, node: ast.Attribute, scope: Scope) -> Value:
    owner = interpreter.evaluate(node.value, scope)
    if owner is None and not hasattr(None, node.attr):
        _fail_on_none(interpreter, node, scope)
    return interpreter.get_attribute(owner, node.attr)


def _fail_on_none(interpreter: Interpreter, node: ast.Attribute, scope: Scope) -> None:
    """Raise the AttributeError that `None.name` is, where the code at hand may not be reached at all.

    Where it certainly is, the revision would never get past it: there, what we read is likelier wrong.
    """
    if interpreter.imports or not interpreter.flow.conditional:
        return
    span = interpreter.span(node, scope)
    interpreter.recorder.record_opaque(f"None has no attribute {node.attr}: the code fails here", span, ())
    raise Raise(span, "AttributeError")


def _binary(interpreter: Interpreter, node: ast.BinOp, scope: Scope) -> Value:
    chain: list[ast.BinOp] = [node]
    while isinstance(chain[-1].left, ast.BinOp):
        chain.append(chain[-1].left)
    value = interpreter.evaluate(chain[-1].left, scope)
    for link in reversed(chain):
        right = interpreter.evaluate(link.right, scope)
        value = combine(interpreter, sign_of(link.op), value, right)
    return value


def _unary(interpreter: Interpreter, node: ast.UnaryOp, scope: Scope) -> Value:
    value = interpreter.evaluate(node.operand, scope)
    if isinstance(node.op, ast.Not):
        return negate(value)
    return unary(interpreter, _UNARY_SIGNS[type(node.op)], value)


def _bool(interpreter: Interpreter, node: ast.BoolOp, scope: Scope) -> Value:
    stops = isinstance(node.op, ast.Or)
    return _bool_rest(interpreter, node, scope, 0, stops)


def _bool_rest(interpreter: Interpreter, node: ast.BoolOp, scope: Scope, position: int, stops: bool) -> Value:
    value = interpreter.evaluate(node.values[position], scope)
    rest = node.values[position + 1 :]
    known = truth(value)
    if not rest or known is stops:
        interpreter.recorder.prune(rest, "the value is decided before it")
        return value
    if known is not None:
        return _bool_rest(interpreter, node, scope, position + 1, stops)
    with interpreter.flow.branch(condition_of(node.values[position], scope, not stops, value)):
        other = _bool_rest(interpreter, node, scope, position + 1, stops)
    if truth(other) is stops:
        return other if isinstance(other, bool) else stops
    return (
        value.derived if isinstance(value, Undecided) else Undecided("a value that is not known", data=True)
    )


def _compare(interpreter: Interpreter, node: ast.Compare, scope: Scope) -> Value:
    left = interpreter.evaluate(node.left, scope)
    result: Value = True
    for operator, comparator in zip(node.ops, node.comparators, strict=True):
        right = interpreter.evaluate(comparator, scope)
        result = compare(interpreter, _COMPARE_SIGNS[type(operator)], left, right)
        if truth(result) is not True:
            return result
        left = right
    return result


def _if(interpreter: Interpreter, node: ast.IfExp, scope: Scope) -> Value:
    value = interpreter.evaluate(node.test, scope)
    known = truth(value)
    if known is not None:
        interpreter.recorder.prune(
            [node.orelse if known else node.body], f"{ast.unparse(node.test)} is {known}"
        )
        return interpreter.evaluate(node.body if known else node.orelse, scope)
    return choose(
        interpreter,
        condition_of(node.test, scope, value=value),
        lambda: interpreter.evaluate(node.body, scope),
        lambda: interpreter.evaluate(node.orelse, scope),
        scope,
    )


def _items(interpreter: Interpreter, nodes: list[ast.expr], scope: Scope) -> list[Value]:
    found: list[Value] = []
    for node in nodes:
        if isinstance(node, ast.Starred):
            items = comprehensions.iterate(interpreter, interpreter.evaluate(node.value, scope))
            found.extend([comprehensions.OPEN] if items is None else items)
        else:
            found.append(interpreter.evaluate(node, scope))
    return found


def _list(interpreter: Interpreter, node: ast.List, scope: Scope) -> Value:
    return interpreter.keep(_items(interpreter, node.elts, scope))


def _tuple(interpreter: Interpreter, node: ast.Tuple, scope: Scope) -> Value:
    return tuple(_items(interpreter, node.elts, scope))


def _set(interpreter: Interpreter, node: ast.Set, scope: Scope) -> Value:
    items = _items(interpreter, node.elts, scope)
    if all(plain.is_plain(item) and not isinstance(item, (list, dict, set)) for item in items):
        return interpreter.keep(set(items))
    return interpreter.keep({comprehensions.OPEN})


def _dict(interpreter: Interpreter, node: ast.Dict, scope: Scope) -> Value:
    made: dict[Value, Value] = {}
    for key_node, value_node in zip(node.keys, node.values, strict=True):
        value = interpreter.evaluate(value_node, scope)
        if key_node is None:
            if not isinstance(value, dict):
                plain.poison(made)
            else:
                made.update(value)
            continue
        key = interpreter.evaluate(key_node, scope)
        if not (comprehensions.is_key(key) or _is_hashable_thing(key)):
            plain.poison(made)
        elif not plain.is_open(made):
            made[key] = value
    return interpreter.keep(made)


def _is_hashable_thing(key: Value) -> bool:
    """Tell whether a value such as a column can be a key that nobody looks up, as in `values({t.c.x: 1})`."""
    return (
        isinstance(key, Thing) and not isinstance(key, (Undecided, PartialText)) and key.__hash__ is not None
    )


def _subscript(interpreter: Interpreter, node: ast.Subscript, scope: Scope) -> Value:
    owner = interpreter.evaluate(node.value, scope)
    key = interpreter.evaluate(node.slice, scope)
    return item_of(interpreter, owner, key)


def item_of(interpreter: Interpreter, owner: Value, key: Value) -> Value:
    """Return what `owner[key]` is."""
    if isinstance(owner, Thing):
        return owner.subscript(key, interpreter)
    if plain.is_open(owner) or not (
        plain.is_plain(key) or isinstance(key, slice) or comprehensions.is_key(key)
    ):
        return Undecided("an item that is not known", data=plain.is_data(owner))
    try:
        return owner[key]
    except (TypeError, KeyError, IndexError, ValueError):
        return Undecided("an item that does not exist", data=True)


def _slice(interpreter: Interpreter, node: ast.Slice, scope: Scope) -> Value:
    parts = [
        None if p is None else interpreter.evaluate(p, scope) for p in (node.lower, node.upper, node.step)
    ]
    if all(part is None or isinstance(part, int) for part in parts):
        return slice(*parts)
    return Undecided("a slice that is not known", data=True)


def _lambda(interpreter: Interpreter, node: ast.Lambda, scope: Scope) -> Value:
    defaults = tuple(interpreter.evaluate(default, scope) for default in node.args.defaults)
    return FunctionValue(node, scope, "lambda", defaults)


def _joined(interpreter: Interpreter, node: ast.JoinedStr, scope: Scope) -> Value:
    return formatted(interpreter, node, scope)


def _named(interpreter: Interpreter, node: ast.NamedExpr, scope: Scope) -> Value:
    value = interpreter.evaluate(node.value, scope)
    scope.bind(node.target.id, value)
    return value


def _await(interpreter: Interpreter, node: ast.Await, scope: Scope) -> Value:
    return interpreter.evaluate(node.value, scope)


def _yield(interpreter: Interpreter, node: ast.Yield, scope: Scope) -> Value:
    value = None if node.value is None else interpreter.evaluate(node.value, scope)
    if not interpreter.on_yield:
        return Undecided("what a generator is sent", data=True)
    return interpreter.on_yield[-1](value)


def _yield_from(interpreter: Interpreter, node: ast.YieldFrom, scope: Scope) -> Value:
    items = comprehensions.iterate(interpreter, interpreter.evaluate(node.value, scope))
    for item in [comprehensions.OPEN] if items is None else items:
        if interpreter.on_yield:
            interpreter.on_yield[-1](item)
    return Undecided("what a generator returns", data=True)


EXPRESSIONS: dict[type[ast.expr], Callable[[Interpreter, Any, Scope], Value]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _bool,
    ast.Compare: _compare,
    ast.IfExp: _if,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.Subscript: _subscript,
    ast.Slice: _slice,
    ast.Lambda: _lambda,
    ast.JoinedStr: _joined,
    ast.NamedExpr: _named,
    ast.Await: _await,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Call: call_node,
    ast.ListComp: comprehensions.list_comprehension,
    ast.SetComp: comprehensions.set_comprehension,
    ast.GeneratorExp: comprehensions.list_comprehension,
    ast.DictComp: comprehensions.dict_comprehension,
}
