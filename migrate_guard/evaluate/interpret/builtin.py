"""The builtin functions that the interpreter performs itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, cast

from migrate_guard.evaluate.interpret import plain
from migrate_guard.evaluate.interpret.classes import ancestors
from migrate_guard.evaluate.interpret.comprehensions import OPEN, is_key, iterate
from migrate_guard.evaluate.interpret.modules import Module
from migrate_guard.evaluate.interpret.objects import Builtin, Instance, Outside
from migrate_guard.evaluate.interpret.operators import truth
from migrate_guard.evaluate.interpret.sizes import is_small_number
from migrate_guard.evaluate.values import Call, ClassValue, Machine, PartialText, Thing, Undecided, Value
from migrate_guard.record import dataclass

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter


@dataclass(frozen=True, slots=True)
class GlobalNames(Thing):
    """What `globals()` gives: the names of the revision's module."""

    module: Module

    def describe(self) -> str:
        return "globals()"

    def subscript(self, key: Value, machine: Machine) -> Value:
        if isinstance(key, str):
            return _of(machine).get_attribute(self.module, key)
        return Undecided("an item of globals() whose name is not known")


def _of(machine: Machine) -> Interpreter:
    return cast("Interpreter", machine)


def _undecided(name: str) -> Undecided:
    return Undecided(f"what {name}() gives", data=True)


def _items(call: Call, machine: Machine, position: int = 0) -> list[Value] | None:
    if call.open or len(call.positional) <= position:
        return None
    found = iterate(_of(machine), call.positional[position])
    return None if found is None else list(found)


def _list(call: Call, machine: Machine) -> Value:
    if not call.positional and not call.open:
        return _of(machine).keep([])
    items = _items(call, machine)
    return [OPEN] if items is None else _of(machine).keep(items)


def _tuple(call: Call, machine: Machine) -> Value:
    if not call.positional and not call.open:
        return ()
    items = _items(call, machine)
    return (OPEN,) if items is None else tuple(items)


def _set(call: Call, machine: Machine) -> Value:
    if not call.positional and not call.open:
        return _of(machine).keep(set())
    items = _items(call, machine)
    if items is None or not all(is_key(item) for item in items):
        return {OPEN}
    return _of(machine).keep(set(items))


def _dict(call: Call, machine: Machine) -> Value:
    made: dict[Value, Value] = {}
    if call.positional:
        source = call.positional[0]
        pairs = list(source.items()) if isinstance(source, dict) else _items(call, machine)
        if pairs is None or not all(isinstance(pair, (tuple, list)) and len(pair) == 2 for pair in pairs):
            return {OPEN: OPEN}
        made.update({key: value for key, value in pairs if is_key(key)})
    if call.open or plain.is_open(made):
        return {OPEN: OPEN}
    made.update(call.keywords)
    return _of(machine).keep(made)


def _len(call: Call, machine: Machine) -> Value:
    value = call.get(0, "")
    if isinstance(value, (str, bytes)) or (plain.is_collection(value) and not plain.is_open(value)):
        return len(value)
    items = _items(call, machine)
    return _undecided("len") if items is None else len(items)


def _range(call: Call, machine: Machine) -> Value:
    numbers = [value for value in call.positional if isinstance(value, int)]
    if call.open or len(numbers) != len(call.positional) or not 1 <= len(numbers) <= 3:
        return _undecided("range")
    if len(numbers) == 3 and numbers[2] == 0:
        return _undecided("range")
    made = range(*numbers)
    # `bool` and not `len`, which fails for the largest.
    return made if not made[plain.LIMIT :] else plain.TOO_LARGE


def _enumerate(call: Call, machine: Machine) -> Value:
    items = _items(call, machine)
    start = call.get(1, "start", 0)
    if items is None or not isinstance(start, int):
        return [OPEN]
    return list(enumerate(items, start))


def _zip(call: Call, machine: Machine) -> Value:
    columns = [_items(call, machine, position) for position in range(len(call.positional))]
    if call.open or any(column is None for column in columns):
        return [OPEN]
    return list(zip(*[column or [] for column in columns], strict=False))


def _sorted(call: Call, machine: Machine) -> Value:
    items = _items(call, machine)
    if items is None or "key" in call.keywords or not plain.is_plain(items):
        return [OPEN]
    try:
        return sorted(items, reverse=truth(call.get(None, "reverse", False)) is True)
    except TypeError:
        return [OPEN]


def _reversed(call: Call, machine: Machine) -> Value:
    items = _items(call, machine)
    return [OPEN] if items is None else items[::-1]


def _map(call: Call, machine: Machine) -> Value:
    items = _items(call, machine, 1)
    if items is None or len(call.positional) != 2:
        return [OPEN]
    return [machine.invoke(call.positional[0], Call(call.span, (item,))) for item in items]


def _filter(call: Call, machine: Machine) -> Value:
    items = _items(call, machine, 1)
    if items is None:
        return [OPEN]
    kept = []
    for item in items:
        tested = (
            item
            if call.positional[0] is None
            else machine.invoke(call.positional[0], Call(call.span, (item,)))
        )
        known = truth(tested)
        if known is None:
            return [OPEN]
        if known:
            kept.append(item)
    return kept


def _any(call: Call, machine: Machine) -> Value:
    known = [truth(item) for item in _items(call, machine) or [OPEN]]
    if any(item is True for item in known):
        return True
    if any(item is None for item in known) and _items(call, machine) != []:
        return _undecided("any")
    return False


def _all(call: Call, machine: Machine) -> Value:
    items = _items(call, machine)
    known = [None] if items is None else [truth(item) for item in items]
    if any(item is False for item in known):
        return False
    return _undecided("all") if any(item is None for item in known) else True


def _computed(function: Callable[..., Value], name: str) -> Callable[[Call, Machine], Value]:
    def perform(call: Call, machine: Machine) -> Value:
        positional = tuple(
            items
            if isinstance(value, Thing) and (items := iterate(_of(machine), value)) is not None
            else value
            for value in call.positional
        )
        if call.open or not plain.is_plain(positional) or not plain.is_plain(dict(call.keywords)):
            return _undecided(name)
        try:
            result = function(*positional, **call.keywords)
        except (TypeError, ValueError, ArithmeticError, LookupError):
            return _undecided(name)
        return result if is_small_number(result) else plain.TOO_LARGE

    return perform


def _int(*arguments: Value, **keywords: Value) -> Value:
    if arguments and isinstance(arguments[0], str) and len(arguments[0]) > 1_000:
        raise ValueError
    return int(*arguments, **keywords)


def _str(call: Call, machine: Machine) -> Value:
    value = call.get(0, "object", "")
    if isinstance(value, (str, PartialText)):
        return value
    if plain.is_plain(value):
        return str(value)
    return PartialText("\ue000", value.describe() if isinstance(value, Thing) else "a collection")


def _isinstance(call: Call, machine: Machine) -> Value:
    value, cls = call.get(0, ""), call.get(1, "")
    known: dict[str, type] = {name: kind for kind in (str, int, float, bool, list, dict, tuple, set, bytes)
                              for name in [kind.__name__]}  # fmt: skip
    kinds = cls if isinstance(cls, tuple) else (cls,)
    if isinstance(value, Thing) and all(isinstance(kind, Outside) for kind in kinds):
        found = [value.is_instance(kind.dotted, machine) for kind in kinds]
        return True if True in found else _undecided("isinstance") if None in found else False
    if plain.is_plain(value) and all(isinstance(kind, Builtin) and kind.name in known for kind in kinds):
        return isinstance(value, tuple(known[kind.name] for kind in kinds))
    return _undecided("isinstance")


def _getattr(call: Call, machine: Machine) -> Value:
    name = call.get(1, "")
    if not isinstance(name, str):
        return Undecided("an attribute whose name is not known")
    return _of(machine).get_attribute(call.get(0, ""), name)


def _setattr(call: Call, machine: Machine) -> Value:
    owner, name = call.get(0, ""), call.get(1, "")
    if isinstance(owner, (Instance, ClassValue)):
        if not isinstance(name, str):
            owner.attributes.clear()
            return None
        value = call.get(2, "")
        if not _of(machine).is_fresh(owner):
            value = Undecided(f"the attribute {name}, which may have been set")
        if isinstance(owner, ClassValue):
            _of(machine).set_class_attribute(owner, name, value)
        else:
            owner.attributes[name] = value
    return None


def _hasattr(call: Call, machine: Machine) -> Value:
    owner, name = call.get(0, ""), call.get(1, "")
    if isinstance(owner, Instance) and name in owner.attributes:
        return True
    if isinstance(owner, ClassValue) and any(name in cls.attributes for cls in ancestors(owner)):
        return True
    if isinstance(name, str) and plain.is_plain(owner):
        return hasattr(owner, name)
    return _undecided("hasattr")


def _next(call: Call, machine: Machine) -> Value:
    items = _items(call, machine)
    if items:
        return items[0]
    if items is not None and len(call.positional) > 1:
        return call.positional[1]
    return Undecided("what next() gives", data=True)


def _iter(call: Call, machine: Machine) -> Value:
    return _list(call, machine)


def _opaque_code(name: str) -> Callable[[Call, Machine], Value]:
    def perform(call: Call, machine: Machine) -> Value:
        machine.opaque(f"{name}() runs code that is only known at run time", call, None)
        return Undecided(f"what {name}() gives")

    return perform


def _globals(call: Call, machine: Machine) -> Value:
    return GlobalNames(_of(machine).main)


def _eval(call: Call, machine: Machine) -> Value:
    text = call.get(0, "")
    if isinstance(text, str) and text.isidentifier() and len(call.values()) == 1:
        return _of(machine).get_attribute(_of(machine).main, text)
    return _opaque_code("eval")(call, machine)


def _open(call: Call, machine: Machine) -> Value:
    return Undecided("the content of a file", data=True)


_FUNCTIONS: Mapping[str, Callable[[Call, Machine], Value]] = {
    "list": _list, "tuple": _tuple, "set": _set, "frozenset": _set, "dict": _dict, "len": _len,
    "range": _range, "enumerate": _enumerate, "zip": _zip, "sorted": _sorted, "reversed": _reversed,
    "map": _map, "filter": _filter, "any": _any, "all": _all, "str": _str, "isinstance": _isinstance,
    "getattr": _getattr, "setattr": _setattr, "hasattr": _hasattr, "next": _next, "iter": _iter,
    "int": _computed(_int, "int"), "float": _computed(float, "float"), "bool": _computed(bool, "bool"),
    "bytes": _computed(lambda *a, **k: bytes(*a, **k) if a and isinstance(a[0], str) else None, "bytes"),
    "abs": _computed(abs, "abs"), "round": _computed(round, "round"), "min": _computed(min, "min"),
    "repr": _computed(repr, "repr"), "max": _computed(max, "max"),
    "sum": _computed(sum, "sum"), "chr": _computed(chr, "chr"),
    "ord": _computed(ord, "ord"), "divmod": _computed(divmod, "divmod"),
    "exec": _opaque_code("exec"), "eval": _eval, "globals": _globals, "compile": _opaque_code("compile"),
    "__import__": _opaque_code("__import__"), "open": _open,
}  # fmt: skip

BUILTINS: Mapping[str, Value] = {name: Builtin(name, function) for name, function in _FUNCTIONS.items()}
