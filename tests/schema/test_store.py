"""The immutable mapping behaves as a dict that is copied at every change."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from migrate_guard.schema.store import Store

changes = st.lists(st.tuples(st.booleans(), st.integers(0, 200), st.text(max_size=2)))


@given(changes)
def test_it_holds_what_a_dict_would(made: list[tuple[bool, int, str]]) -> None:
    store: Store[int, str] = Store()
    model: dict[int, str] = {}
    for put, key, value in made:
        before, copy = store, dict(model)
        store = store.with_item(key, value) if put else store.without(key)
        model = {**model, key: value} if put else {k: v for k, v in model.items() if k != key}
        assert dict(before) == copy
    assert dict(store) == model
    assert len(store) == len(model)
    assert all(key in store for key in model)


@given(changes, changes)
def test_changed_keys_are_those_that_differ(
    first: list[tuple[bool, int, str]], second: list[tuple[bool, int, str]]
) -> None:
    def build(store: Store[int, str], made: list[tuple[bool, int, str]]) -> Store[int, str]:
        for put, key, value in made:
            store = store.with_item(key, value) if put else store.without(key)
        return store

    one = build(Store(), first)
    other = build(one, second)
    changed = list(other.changed_keys(one))
    assert len(changed) == len(set(changed))
    assert {key for key in {*one, *other} if one.get(key) != other.get(key)} <= set(changed)
    assert not list(one.changed_keys(one))
