"""Calls: their arguments, and what is called."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from migrate_guard.evaluate.interpret import names, plain
from migrate_guard.evaluate.interpret.choices import branch, merged_value, under
from migrate_guard.evaluate.interpret.comprehensions import OPEN, iterate
from migrate_guard.evaluate.interpret.frames import CutOff, Frame, Raise, Return
from migrate_guard.evaluate.interpret.modules import Module, has_yield
from migrate_guard.evaluate.interpret.objects import (
    Builtin,
    ContextBody,
    FunctionValue,
    Instance,
    Outside,
    Partial,
    Passed,
    PlainMethod,
    SuperValue,
)
from migrate_guard.evaluate.interpret.reach import reaches
from migrate_guard.evaluate.interpret.scope import Scope
from migrate_guard.evaluate.interpret.strings import format_method
from migrate_guard.evaluate.library import lookup
from migrate_guard.evaluate.values import Call, Either, Machine, PartialText, Thing, Undecided, Value
from migrate_guard.operations import AnyOperation, Condition, Opaque
from migrate_guard.record import replace

if TYPE_CHECKING:
    from migrate_guard.evaluate.interpret.interpreter import Interpreter


MAX_RECURSION = 8
MAX_UNDECIDED_RECURSION = 2
"""How often a function is evaluated inside itself: as often as its data says, or to see both sides of what is
undecidable, which the first rounds show."""
MAX_ROUNDS = 200
"""How often it is so in all: one that calls itself several times has a multiple of rounds at each depth."""


def call_node(interpreter: Interpreter, node: ast.Call, scope: Scope, statement: bool = False) -> Value:
    """Return what a call expression gives; `statement` tells that nobody uses the result."""
    interpreter.recorder.visited.add(id(node))
    if isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args:
        return _super(scope)
    function = interpreter.evaluate(node.func, scope)
    call = _arguments(interpreter, node, scope, statement)
    if isinstance(function, (Undecided, Outside)) and _is_logging(node.func):
        return None
    if isinstance(function, Undecided) and (_has_name(node.func, names.DIRECTIVES) or _reached(call)):
        return interpreter.unresolved(function.reason, replace(call, statement=True))
    if isinstance(function, Undecided) and _has_name(node.func, names.DATA_METHODS):
        return Undecided(function.reason, data=True)
    return interpreter.invoke(function, call)


def _super(scope: Scope) -> Value:
    found = scope.find("__class__")
    if found is None:
        return Undecided("super()", data=True)
    cls, instance = found.names["__class__"]
    return SuperValue(cls, instance)


def _is_logging(node: ast.expr) -> bool:
    """Tell whether `x.info` is called on what its name says is a logger."""
    if not isinstance(node, ast.Attribute) or node.attr not in names.LOG_METHODS:
        return False
    root = node.value
    while isinstance(root, (ast.Attribute, ast.Call)):
        if isinstance(root, ast.Attribute) and "log" in root.attr.lower():
            return True
        root = root.value if isinstance(root, ast.Attribute) else root.func
    return isinstance(root, ast.Name) and ("log" in root.id.lower() or root.id in {"click", "console"})


def _has_name(node: ast.expr, wanted: frozenset[str]) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in wanted


def _reached(call: Call) -> bool:
    return any(map(reaches, call.values()))


def _arguments(interpreter: Interpreter, node: ast.Call, scope: Scope, statement: bool) -> Call:
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    is_open = False
    for argument in node.args:
        if isinstance(argument, ast.Starred):
            items = iterate(interpreter, interpreter.evaluate(argument.value, scope))
            is_open = is_open or items is None
            positional.extend([] if is_open else items or ())
            continue
        value = interpreter.evaluate(argument, scope)
        if not is_open:
            positional.append(value)
    for keyword in node.keywords:
        value = interpreter.evaluate(keyword.value, scope)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, dict) and not plain.is_open(value):
            keywords.update({key: item for key, item in value.items() if isinstance(key, str)})
        else:
            is_open = True
    return Call(interpreter.span(node, scope), tuple(positional), keywords, is_open, statement)


def invoke(interpreter: Interpreter, function: Value, call: Call) -> Value:
    """Return what calling any value gives."""
    if isinstance(function, FunctionValue):
        return _call_function(interpreter, function, call)
    if isinstance(function, Outside):
        return call_outside(interpreter, function.dotted, call)
    if isinstance(function, PlainMethod):
        return _plain_method(interpreter, function.owner, function.name, call)
    if isinstance(function, Instance):
        return invoke(interpreter, interpreter.get_attribute(function, "__call__"), call)
    if isinstance(function, Either):
        return _either(interpreter, function, call)
    if isinstance(function, Undecided) and function.data and _reached(call):
        return interpreter.unresolved(function.reason, call)
    if isinstance(function, Builtin) and reaches(call.keywords.get("key")):
        return interpreter.unresolved(f"{function.describe()} with a key", call)
    if isinstance(function, (Module, ContextBody)) or not isinstance(function, Thing):
        return interpreter.unresolved("a call of something that is no function", call)
    return function.call(call, interpreter)


def _either(interpreter: Interpreter, function: Either, call: Call) -> Value:
    """Call each of two functions where it is the one."""
    found: list[Value] = []

    def use(one: Value, holds: bool) -> None:
        positional = tuple(under(value, condition, holds) for value in call.positional)
        keywords = {name: under(value, condition, holds) for name, value in call.keywords.items()}
        found.append(invoke(interpreter, one, replace(call, positional=positional, keywords=keywords)))

    condition = function.condition
    scope = next((o.scope for o in (function.first, function.second) if isinstance(o, FunctionValue)), None)
    branch(
        interpreter,
        condition,
        lambda: use(function.first, True),
        lambda: use(function.second, False),
        scope,
    )
    # One of the two does not come back if it is not here.
    return merged_value(found[0], found[1], condition) if len(found) == 2 else function.derived


def call_outside(interpreter: Interpreter, dotted: str, call: Call) -> Value:
    """Return what calling a name of a module that is not the project's gives."""
    if dotted == "importlib.import_module" and isinstance(call.get(0, "name"), str):
        return interpreter.import_module(call.get(0, "name"))
    known = lookup(dotted) or _PASSED_ON.get(dotted)
    if known is not None:
        return known(call, interpreter)
    computed = names.compute(dotted, call.positional, call.keywords)
    if computed is not None:
        return computed
    if _reached(call) and dotted not in names.PASSING and not dotted.startswith("builtins."):
        return interpreter.unresolved(f"{dotted}()", call)
    if names.is_harmless(dotted) or _is_logger(dotted) or dotted.startswith("builtins."):
        return Undecided(f"what {dotted}() gives", data=True)
    return interpreter.unresolved(f"{dotted}()", call)


_PASSED_ON: Mapping[str, Callable[[Call, Machine], Value]] = {
    "functools.partial": lambda call, machine: Partial(
        call.get(0, "func"), replace(call, positional=call.positional[1:])
    ),
    "typing.cast": lambda call, machine: call.get(1, "val"),
    "copy.copy": lambda call, machine: copied(call.get(0, "x")),
    "copy.deepcopy": lambda call, machine: copied(call.get(0, "x")),
    "contextlib.closing": lambda call, machine: Passed(call.get(0, "thing")),
    "contextlib.nullcontext": lambda call, machine: Passed(call.get(0, "enter_result")),
}
"""Functions that give back, or call later, what they are given."""


def copied(value: Value) -> Value:
    """Return a copy: a thing is itself, and of a collection it matters that changing it changes no other."""
    if isinstance(value, Thing):
        return value
    return Undecided("a copy", data=not reaches(value))


def _is_logger(dotted: str) -> bool:
    owner, _, name = dotted.rpartition(".")
    return name in names.LOG_METHODS and "log" in owner.lower()


def _plain_method(interpreter: Interpreter, owner: Value, name: str, call: Call) -> Value:
    if plain.writes(owner, name):
        if (
            name == "append"
            and len(call.positional) == 1
            and interpreter.add_perhaps(owner, call.positional[0])
        ):
            return None
        if not interpreter.change(owner):
            return Undecided(f"what .{name}() gives", data=True)
        if call.open or any(argument is OPEN for argument in call.positional):
            plain.poison(owner)
            return Undecided(f"what .{name}() gives", data=True)
    if isinstance(owner, str) and name == "format":
        return format_method(owner, call.positional, dict(call.keywords))
    if isinstance(owner, str) and name == "join" and call.positional:
        return _join(interpreter, owner, call.positional[0])
    if call.open:
        return Undecided(f"what .{name}() gives", data=True)
    positional = tuple(_materialised(interpreter, value) for value in call.positional)
    result = plain.method(owner, name, positional, call.keywords)
    if plain.writes(owner, name) and isinstance(result, Undecided):
        plain.poison(owner)
    return result


def _materialised(interpreter: Interpreter, value: Value) -> Value:
    if isinstance(value, Thing) and not isinstance(value, Undecided):
        items = value.iterate(interpreter)
        return value if items is None else list(items)
    return value


def _join(interpreter: Interpreter, separator: str, items: Value) -> Value:
    parts = iterate(interpreter, items)
    if parts is None:
        return PartialText("\ue000", "the parts that are joined")
    texts = [part.text if isinstance(part, PartialText) else part for part in parts]
    texts = ["\ue000" if isinstance(text, Undecided) else text for text in texts]
    result = plain.method(separator, "join", (texts,), {})
    reason = next((part.reason for part in parts if isinstance(part, (Undecided, PartialText))), None)
    return result if reason is None or not isinstance(result, str) else PartialText(result, reason)


def _call_function(interpreter: Interpreter, function: FunctionValue, call: Call) -> Value:
    if function.context_manager:
        return ContextBody(function, call)
    if function.doubt is not None:
        condition = Condition(function.doubt, call.span.path, call.span.line)
        with interpreter.flow.branch(condition):
            run_function(interpreter, function, call)
        return Undecided(f"what {function.describe()} gives")
    return run_function(interpreter, function, call)


def run_function(interpreter: Interpreter, function: FunctionValue, call: Call) -> Value:
    """Evaluate the body of a function with these arguments and return what it returns."""
    node = function.node
    active = interpreter.active.setdefault(node, [])
    most = MAX_UNDECIDED_RECURSION if interpreter.flow.conditional else MAX_RECURSION
    if active and (len(active) >= most or interpreter.rounds[node] >= MAX_ROUNDS):
        return _recursion(interpreter, function, call, active[0])
    interpreter.rounds[node] += bool(active)
    at_stake = _is_at_stake(interpreter, function, call)
    limited = interpreter.limited
    active.append(len(interpreter.recorder.transitions))
    interpreter.stakes.append(at_stake)
    try:
        with interpreter.within_limit(at_stake):
            return _run(interpreter, function, call)
    except CutOff:
        if limited:
            raise
        _forget_arguments(call)
        return Undecided(f"what {function.describe()} gives", data=True)
    finally:
        active.pop()
        interpreter.stakes.pop()


def _forget_arguments(call: Call) -> None:
    """Make undecidable what a function that was cut off may have changed."""
    for value in call.values():
        plain.poison(value)
        if isinstance(value, Instance):
            for name in value.attributes:
                value.attributes[name] = Undecided(f"the attribute {name}, which may have been set")


def _is_at_stake(interpreter: Interpreter, function: FunctionValue, call: Call) -> bool:
    if function.context_manager:
        return interpreter.at_stake
    if function.scope.module.main or any(map(reaches, call.values())):
        return True
    inside = call.span.path != interpreter.recorder.path
    return interpreter.at_stake and (inside or call.statement)


def _recursion(interpreter: Interpreter, function: FunctionValue, call: Call, start: int) -> Value:
    """Cut off a recursion that no condition ends.

    Its rounds so far took both sides of whatever is undecidable: if they did nothing to the schema, the
    rounds that are left out do not either.
    """
    if any(_touches(transition.operation) for transition in interpreter.recorder.transitions[start:]):
        interpreter.opaque(f"{function.describe()} calls itself too often", call, None)
    return Undecided(f"what {function.describe()} returns", data=True)


def _touches(operation: AnyOperation) -> bool:
    return not isinstance(operation, Opaque) or operation.may_touch != ()


def _run(interpreter: Interpreter, function: FunctionValue, call: Call) -> Value:
    node = function.node
    interpreter.ran.add(node)
    scope = Scope(function.scope.module, function.scope)
    _bind_arguments(function, call, scope)
    if function.owner is not None:
        instance = next(iter((*function.bound, *call.positional)), None)
        scope.names["__class__"] = (function.owner, instance)
    with interpreter.recorder.calling(call.span), interpreter.flow.frame("function") as frame:
        if isinstance(node, ast.Lambda):
            return interpreter.evaluate(node.body, scope)
        if not function.context_manager and scope.module.parsed.has_generators and has_yield(node):
            return _generated(interpreter, node, scope)
        return _body_result(interpreter, function, frame, scope)


def _body_result(interpreter: Interpreter, function: FunctionValue, frame: Frame, scope: Scope) -> Value:
    node = function.node
    body = [] if isinstance(node, ast.Lambda) else node.body
    result: Value = None
    try:
        interpreter.execute(body, scope)
    except Return as signal:
        result = signal.value
    except Raise as signal:
        if not frame.returns:
            raise
        condition = Condition(f"{function.describe()} does not return before it raises", signal.span.path,
                              signal.span.line)  # fmt: skip
        interpreter.flow.may_leave(signal, condition)
        result = frame.returns[0]
    if len(frame.returns) == len(frame.exits) == 1:
        # The condition of the exit is that the function was not left there.
        return merged_value(result, frame.returns[0], frame.exits[0])
    for other in frame.returns:
        result = merged_value(other, result, frame.exits[-1])
        result = result.derived if isinstance(result, Either) else result
    return result


def _generated(interpreter: Interpreter, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> Value:
    """Evaluate a generator to its end and return what it yields, as a list."""
    found: list[Value] = []

    def collect(value: Value) -> Value:
        found.append(OPEN if interpreter.flow.conditional else value)
        return None

    interpreter.on_yield.append(collect)
    try:
        interpreter.execute(node.body, scope)
    except Return:
        pass
    finally:
        interpreter.on_yield.pop()
    return [OPEN] if OPEN in found else found


def _bind_arguments(function: FunctionValue, call: Call, scope: Scope) -> None:
    arguments = function.node.args
    positional = [*function.bound, *call.positional]
    keywords = dict(call.keywords)
    parameters = [*arguments.posonlyargs, *arguments.args]
    first_default = len(parameters) - len(function.defaults)
    missing = Undecided(f"an argument of {function.describe()}")
    for position, parameter in enumerate(parameters):
        if position < len(positional):
            value = positional[position]
        elif parameter.arg in keywords:
            value = keywords.pop(parameter.arg)
        elif position >= first_default and not call.open:
            value = function.defaults[position - first_default]
        else:
            value = missing
        scope.names[parameter.arg] = value
    for parameter in arguments.kwonlyargs:
        default = missing if call.open else function.keyword_defaults.get(parameter.arg, missing)
        scope.names[parameter.arg] = keywords.pop(parameter.arg, default)
    if arguments.vararg is not None:
        rest = tuple(positional[len(parameters) :])
        scope.names[arguments.vararg.arg] = (OPEN,) if call.open else rest
    if arguments.kwarg is not None:
        scope.names[arguments.kwarg.arg] = {OPEN: OPEN} if call.open else keywords


__all__ = ["Builtin", "call_node", "call_outside", "invoke", "run_function"]
