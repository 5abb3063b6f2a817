"""One form for conditions that servers write with other parentheses; part of the fourth stage.

PostgreSQL prints an expression from its parse tree: it puts every operand of AND and OR, and every operation
inside another, into parentheses, and writes IN as `= ANY (ARRAY[…])`, or as `=` for one value, and BETWEEN as
two comparisons (ruleutils.c; manual 18, 4.1.6, 9.2, 9.24 and 9.25).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

Node: TypeAlias = "str | list[Node]"

# A text that is nested deeper is compared as it is.
_DEEPEST = 60
_LISTS = {("=", "any"): "in", ("<>", "all"): "notin"}
_WEAKER = {",": (",",), "or": (",",), "and": (",", "or"), "not": (",", "or", "and")}
_SINGLE = {"in": "=", "notin": "<>"}
_COMPARED, _OTHERS, _SUMS, _PRODUCTS = range(1, 5)
_LEVELS = {
    **dict.fromkeys(("=", "<>", "<", ">", "<=", ">="), _COMPARED),
    "||": _OTHERS,
    **dict.fromkeys("+-", _SUMS),
    **dict.fromkeys("*/%", _PRODUCTS),
}
"""How strongly the operators bind whose parentheses can be left out; AND, OR and NOT bind less."""
_ATOM = _PRODUCTS + 1
_BOUNDS = frozenset({",", "and", "or", "not"})


def normal_form(tokens: Iterable[str]) -> str:
    """Return tokens in lower case as one text, without the parentheses that change nothing.

    Parentheses that do not match are kept, and so is a text that is nested too deep.
    """
    given = _operators(tokens)
    tree = _tree(given)
    return "".join(given) if tree is None else _condition(tree)


def _operators(tokens: Iterable[str]) -> list[str]:
    """Return the tokens with `<>` and `!=` as one, and NOT IN too."""
    found: list[str] = []
    for token in tokens:
        last = found[-1] if found else ""
        if (last, token) in {("<", ">"), ("!", "=")}:
            found[-1] = "<>"
        elif (last, token) in {("<", "="), (">", "="), ("|", "|")}:
            found[-1] = last + token
        elif (last, token) == ("not", "in"):
            found[-1] = "notin"
        else:
            found.append(token)
    return found


def _tree(tokens: list[str]) -> list[Node] | None:
    stack: list[list[Node]] = [[]]
    for piece in tokens:
        if piece == "(":
            stack.append([])
            if len(stack) > _DEEPEST:
                return None
        elif piece == ")":
            if len(stack) == 1:
                return None
            group = stack.pop()
            stack[-1].append(group)
        else:
            stack[-1].append(piece)
    return stack[0] if len(stack) == 1 else None


def _bare(nodes: list[Node]) -> list[Node]:
    """Return what is inside the parentheses that enclose all of it."""
    while len(nodes) == 1 and isinstance(nodes[0], list):
        nodes = nodes[0]
    return nodes


def _condition(nodes: list[Node]) -> str:
    nodes = _compared(_bare(nodes))
    for word, joint in ((",", ","), ("or", " or "), ("and", " and ")):
        parts = list(_split(nodes, word))
        if len(parts) > 1:
            return joint.join(_operand(part, word) for part in parts)
    if nodes and nodes[0] == "not":
        return f"not {_operand(nodes[1:], 'not')}"
    return "".join(_leaf(nodes))


def _operand(nodes: list[Node], outer: str) -> str:
    inner = _compared(_bare(nodes))
    text = _condition(inner)
    return f"({text})" if any(len(list(_split(inner, word))) > 1 for word in _WEAKER[outer]) else text


def _split(nodes: list[Node], word: str) -> Iterator[list[Node]]:
    """Go through the parts between a word, which is no part of BETWEEN or of CASE."""
    part: list[Node] = []
    between, cases = False, 0
    for node in nodes:
        cases += {"case": 1, "end": -1}.get(node, 0) if isinstance(node, str) else 0
        if node == word and not between and not cases:
            yield part
            part = []
            continue
        between = node == "between" or (between and node != "and")
        part.append(node)
    yield part


def _leaf(nodes: list[Node]) -> Iterator[str]:
    """Go through the pieces of an expression without AND and OR at its top."""
    nodes = _lists(nodes)
    for position, node in enumerate(nodes):
        if isinstance(node, str):
            yield node
            continue
        before = nodes[position - 1] if position else ""
        inner = _bare(node)
        called = isinstance(before, str) and (before[-1:].isalnum() or before[-1:] in {"_", '"', "$"})
        if len(inner) == 1 and not called:
            yield str(inner[0])
        elif not called and _binds(inner, before, nodes[position + 1] if position + 1 < len(nodes) else ""):
            yield "".join(_leaf(inner))
        else:
            yield f"({_condition(inner)})"


def _binds(inner: list[Node], before: Node, after: Node) -> bool:
    """Tell whether operators inside parentheses bind more strongly than those next to them."""
    own = _level(inner)
    sides = [_LEVELS.get(side) if isinstance(side, str) and side else 0 for side in (before, after)]
    if own is None or sides[0] is None or sides[1] is None or not any(sides):
        return False
    # Operators of one level are taken from the left.
    return own > sides[0] and own >= sides[1]


def _level(nodes: list[Node]) -> int | None:
    """Return how strongly an operation binds; `None` for what is no plain chain of operators."""
    weakest, wanted = _ATOM, True
    for position, node in enumerate(nodes):
        if isinstance(node, list):
            called = not wanted
            if called and not _is_name(nodes[position - 1]):
                return None
            wanted = False
        elif node in _LEVELS and not wanted:
            weakest, wanted = min(weakest, _LEVELS[node]), True
        elif wanted and node not in _LEVELS and (_is_name(node) or node[:1] == "'" or node[:1].isdigit()):
            wanted = False
        else:
            return None
    return None if wanted else weakest


def _is_name(node: Node) -> bool:
    return isinstance(node, str) and (node[:1].isalpha() or node[:1] in {"_", '"'})


def _compared(nodes: list[Node]) -> list[Node]:
    """Write BETWEEN as two comparisons, and NOT BETWEEN as one or the other."""
    while "between" in nodes and "case" not in nodes:
        place = nodes.index("between")
        negated = nodes[place - 1 : place] == ["not"]
        begin = place - negated
        start = next((i + 1 for i in range(begin - 1, -1, -1) if nodes[i] in _BOUNDS), 0)
        joint = next((i for i in range(place + 1, len(nodes)) if nodes[i] == "and"), None)
        if joint is None or nodes[place + 1 : place + 2] == ["symmetric"]:
            return nodes
        stop = next((i for i in range(joint + 1, len(nodes)) if nodes[i] in _BOUNDS), len(nodes))
        subject, low, high = nodes[start:begin], nodes[place + 1 : joint], nodes[joint + 1 : stop]
        words = ("<", "or", ">") if negated else (">=", "and", "<=")
        both: list[Node] = [*subject, words[0], *low, words[1], *subject, words[2], *high]
        nodes = [*nodes[:start], *([both] if start or stop < len(nodes) else both), *nodes[stop:]]
    return nodes


def _lists(nodes: list[Node]) -> list[Node]:
    """Write `= ANY (ARRAY[…])` as IN, and IN with one value as a comparison."""
    found: list[Node] = []
    for node in nodes:
        if isinstance(node, list):
            word = _LISTS.get((_word(found, -2), _word(found, -1)))
            items = _array(node) if word else None
            if word and items is not None:
                found[-2:] = [word]
                node = items
            if _word(found, -1) in _SINGLE and len(node) == 1:
                found[-1] = _SINGLE[str(found[-1])]
                node = [node]
        found.append(node)
    return found


def _word(nodes: list[Node], position: int) -> str:
    found = nodes[position] if len(nodes) >= -position else ""
    return found if isinstance(found, str) else ""


def _array(nodes: list[Node]) -> list[Node] | None:
    inner = _bare(nodes)
    return inner[2:-1] if inner[:2] == ["array", "["] and inner[-1] == "]" else None
