"""A record behaves as the dataclass that it is to a type checker."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import field

import pytest

from migrate_guard.record import dataclass, replace


@dataclass(frozen=True)
class Point:
    x: int
    y: int = 0
    tags: list[str] = field(default_factory=list, compare=False)


@dataclass(frozen=True, kw_only=True)
class Named(Point):
    name: str = field(default="origin", repr=False)


def test_fields_come_from_positions_keywords_and_defaults() -> None:
    assert (Point(1).x, Point(1).y, Point(1).tags) == (1, 0, [])
    assert Point(1, y=2) == Point(1, 2)
    assert Point(1).tags is not Point(1).tags
    assert Named(1, 2, name="a").name == "a"


@pytest.mark.parametrize("arguments", [(), (1, 2, [], 4)])
def test_wrong_positions_are_refused(arguments: tuple[int, ...]) -> None:
    with pytest.raises(TypeError, match="wrong arguments for Point"):
        Point(*arguments)  # type: ignore[arg-type]  # what is tested


@pytest.mark.parametrize("keywords", [{"z": 1}, {"x": 1, "z": 1}, {"y": 1, "z": 1}])
def test_wrong_keywords_are_refused(keywords: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="wrong arguments for Point"):
        Point(**keywords)  # type: ignore[arg-type]  # what is tested


def test_equality_hash_and_text_follow_the_fields() -> None:
    assert Point(1, tags=["a"]) == Point(1, tags=["b"])
    assert hash(Point(1)) == hash(Point(1))
    assert Point(1) != Named(1)
    assert repr(Named(1)) == "Named(x=1, y=0, tags=[])"


def test_a_frozen_record_refuses_changes() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Point(1).x = 2  # type: ignore[misc]  # what is tested


def test_the_standard_library_sees_a_dataclass() -> None:
    assert dataclasses.is_dataclass(Named)
    assert [(one.name, one.kw_only, one.compare, one.repr) for one in dataclasses.fields(Named)] == [
        ("x", False, True, True),
        ("y", False, True, True),
        ("tags", False, False, True),
        ("name", True, True, False),
    ]
    assert dataclasses.asdict(Named(1, name="a")) == {"x": 1, "y": 0, "tags": [], "name": "a"}
    assert dataclasses.replace(Named(1), y=3) == replace(Named(1), y=3)


def test_replace_refuses_what_is_no_field() -> None:
    with pytest.raises(TypeError, match="Point has no field z"):
        replace(Point(1), z=1)  # type: ignore[call-arg]  # what is tested


def test_match_goes_by_position() -> None:
    match Named(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_records_can_be_copied() -> None:
    assert copy.deepcopy(Point(1, tags=["a"])).tags == ["a"]
    assert pickle.loads(pickle.dumps(Point(1, 2))) == Point(1, 2)
