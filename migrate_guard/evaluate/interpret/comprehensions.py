"""Going through collections: iteration and comprehensions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import plain
from migrate_guard.evaluate.interpret.choices import condition_of
from migrate_guard.evaluate.interpret.objects import EnumMember, Instance
from migrate_guard.evaluate.interpret.operators import truth
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.values import OPEN, ClassValue, Maybe, Thing, Undecided, Value

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter

MAX_ROUNDS = 5_000


def iterate(interpreter: Interpreter, value: Value) -> Sequence[Value] | None:
    """Return what `for x in value` goes through, `None` if that is not decidable."""
    if isinstance(value, ClassValue) and value.members is not None:
        return _members(value)
    if isinstance(value, Thing):
        return value.iterate(interpreter)
    if isinstance(value, range):
        return value if len(value) <= MAX_ROUNDS else None
    if not isinstance(value, (list, tuple, set, frozenset, dict, str)) or plain.is_open(value):
        return None
    if len(value) > MAX_ROUNDS:
        return None
    return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)


def _members(cls: ClassValue) -> list[Value]:
    """Return the members of an Enum without aliases, which are further names for a value."""
    found: list[EnumMember] = []
    for name, member in (cls.members or {}).items():
        if not any(plain.is_plain(member) and one.value == member for one in found):
            found.append(EnumMember(cls, name, member))
    return list(found)


def rounds(interpreter: Interpreter, value: Value) -> Sequence[Value] | None:
    """Return what a loop goes through; items that may not be there come as `Maybe`."""
    if isinstance(value, list) and len(value) <= MAX_ROUNDS and not any(item is OPEN for item in value):
        return list(value)
    return iterate(interpreter, value)


def is_key(value: Value) -> bool:
    """Tell whether a value can be a key whose equality is known."""
    return isinstance(value, EnumMember) or (
        plain.is_plain(value) and not isinstance(value, (list, dict, set))
    )


def list_comprehension(
    interpreter: Interpreter, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope
) -> Value:
    """Return the value of a list comprehension or a generator expression, as a list."""
    found: list[Value] = []
    closed = _rounds(interpreter, node.generators, Scope(scope.module, scope), lambda inner: found.append(
        interpreter.evaluate(node.elt, inner)))  # fmt: skip
    if not closed:
        return [OPEN]
    return interpreter.keep(found)


def set_comprehension(interpreter: Interpreter, node: ast.SetComp, scope: Scope) -> Value:
    """Return the value of a set comprehension."""
    found = list_comprehension(interpreter, node, scope)
    if not plain.is_open(found) and all(is_key(item) for item in found):
        return interpreter.keep(set(found))
    return {OPEN}


def dict_comprehension(interpreter: Interpreter, node: ast.DictComp, scope: Scope) -> Value:
    """Return the value of a dict comprehension."""
    pairs: list[tuple[Value, Value]] = []

    def add(inner: Scope) -> None:
        pairs.append((interpreter.evaluate(node.key, inner), interpreter.evaluate(node.value, inner)))

    closed = _rounds(interpreter, node.generators, Scope(scope.module, scope), add)
    if not closed or not all(is_key(key) for key, _ in pairs):
        return {OPEN: OPEN}
    return interpreter.keep(dict(pairs))


def _rounds(
    interpreter: Interpreter,
    generators: list[ast.comprehension],
    scope: Scope,
    add: Callable[[Scope], None],
) -> bool:
    """Run `add` once a round; return whether all rounds are known."""
    if not generators:
        interpreter.tick()
        add(scope)
        return True
    generator, rest = generators[0], generators[1:]
    items = rounds(interpreter, interpreter.evaluate(generator.iter, scope))
    if items is None:
        with interpreter.flow.branch(condition_of(generator.iter, scope)):
            assign(interpreter, generator.target, Undecided("an item of what is looped over"), scope)
            _rounds(interpreter, rest, scope, add)
        return False
    closed = True
    for item in items:
        if isinstance(item, Maybe):
            assign(interpreter, generator.target, item.value, scope)
            with interpreter.flow.branch(item.condition):
                _rounds(interpreter, rest, scope, add)
            closed = False
            continue
        assign(interpreter, generator.target, item, scope)
        tests = [truth(interpreter.evaluate(test, scope)) for test in generator.ifs]
        if all(test is True for test in tests):
            closed = _rounds(interpreter, rest, scope, add) and closed
        elif not any(test is False for test in tests):
            with interpreter.flow.branch(condition_of(generator.ifs[0], scope)):
                _rounds(interpreter, rest, scope, add)
            closed = False
    return closed


def assign(interpreter: Interpreter, target: ast.expr, value: Value, scope: Scope) -> None:
    """Bind the target of an assignment or a loop."""
    if isinstance(target, ast.Name):
        if target.id not in scope.outer or scope.module.main or scope.outer[target.id].parent is not None:
            scope.bind(target.id, value)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(interpreter, target.elts, value, scope)
    elif isinstance(target, ast.Starred):
        assign(interpreter, target.value, value, scope)
    elif isinstance(target, ast.Attribute):
        _set_attribute(interpreter, interpreter.evaluate(target.value, scope), target.attr, value)
    elif isinstance(target, ast.Subscript):
        owner = interpreter.evaluate(target.value, scope)
        _set_item(interpreter, owner, interpreter.evaluate(target.slice, scope), value)


def _unpack(interpreter: Interpreter, targets: list[ast.expr], value: Value, scope: Scope) -> None:
    items = iterate(interpreter, value)
    star = next((i for i, target in enumerate(targets) if isinstance(target, ast.Starred)), None)
    if items is not None and star is not None and len(items) >= len(targets) - 1:
        after = len(targets) - star - 1
        middle = list(items[star : len(items) - after])
        items = [*items[:star], middle, *items[len(items) - after :]]
    if items is None or len(items) != len(targets):
        data = isinstance(value, Undecided) and value.data
        items = [Undecided("a part of a value that is not known", data=data)] * len(targets)
    for target, item in zip(targets, items, strict=True):
        assign(interpreter, target, item, scope)


def _set_attribute(interpreter: Interpreter, owner: Value, name: str, value: Value) -> None:
    if isinstance(owner, Thing) and not interpreter.is_fresh(owner):
        value = Undecided(f"the attribute {name}, which may have been set", data=plain.is_data(value))
    if isinstance(owner, ClassValue):
        interpreter.set_class_attribute(owner, name, value)
    elif isinstance(owner, Instance):
        owner.attributes[name] = value
    elif isinstance(owner, Thing):
        owner.set_attribute(name, value, interpreter)


def _set_item(interpreter: Interpreter, owner: Value, key: Value, value: Value) -> None:
    if not isinstance(owner, (list, dict)) or not interpreter.change(owner):
        return
    if not plain.is_open(owner) and _has_place(owner, key):
        owner[key] = value
    else:
        plain.poison(owner)


def _has_place(owner: Value, key: Value) -> bool:
    if isinstance(owner, dict):
        return is_key(key)
    return isinstance(key, int) and -len(owner) <= key < len(owner)


def delete_item(interpreter: Interpreter, target: ast.Subscript, scope: Scope) -> None:
    """Delete an item; a collection that is not fully known becomes undecidable."""
    owner = interpreter.evaluate(target.value, scope)
    key = interpreter.evaluate(target.slice, scope)
    if not isinstance(owner, (list, dict)) or not interpreter.change(owner):
        return
    try:
        del owner[key]
    except (TypeError, KeyError, IndexError):
        plain.poison(owner)


__all__ = [
    "OPEN",
    "assign",
    "delete_item",
    "dict_comprehension",
    "is_key",
    "iterate",
    "list_comprehension",
    "rounds",
    "set_comprehension",
]
