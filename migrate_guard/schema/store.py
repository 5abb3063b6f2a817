"""An immutable mapping that shares its parts with the mapping it was made from."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_BUCKETS = 64


class Store(Mapping[K, V], Generic[K, V]):
    """A mapping whose `with_item` and `without` return new mappings.

    A change copies one of 64 buckets and the list of buckets, so that replaying ten thousand revisions
    over ten thousand tables stays linear in practice. Iteration is in no particular order.
    """

    __slots__ = ("_buckets", "_size")

    def __init__(self) -> None:
        self._buckets: tuple[dict[K, V], ...] = ({},) * _BUCKETS
        self._size = 0

    def __getitem__(self, key: K) -> V:
        return self._buckets[hash(key) % _BUCKETS][key]

    def __contains__(self, key: object) -> bool:
        return key in self._buckets[hash(key) % _BUCKETS]

    def __iter__(self) -> Iterator[K]:
        for bucket in self._buckets:
            yield from bucket

    def __len__(self) -> int:
        return self._size

    def with_item(self, key: K, value: V) -> Store[K, V]:
        """Return this mapping with `key` set to `value`."""
        bucket = dict(self._buckets[hash(key) % _BUCKETS])
        bucket[key] = value
        return self._replace(hash(key) % _BUCKETS, bucket)

    def without(self, key: K) -> Store[K, V]:
        """Return this mapping without `key`; a key that is missing is no error."""
        if key not in self:
            return self
        bucket = dict(self._buckets[hash(key) % _BUCKETS])
        del bucket[key]
        return self._replace(hash(key) % _BUCKETS, bucket)

    def changed_keys(self, other: Store[K, V]) -> Iterator[K]:
        """Go through the keys whose values are not the same object in both mappings.

        Only the buckets that the two do not share are looked at.
        """
        for mine, theirs in zip(self._buckets, other._buckets, strict=True):
            if mine is theirs:
                continue
            yield from (key for key, value in mine.items() if theirs.get(key) is not value)
            yield from (key for key in theirs if key not in mine)

    def _replace(self, position: int, bucket: dict[K, V]) -> Store[K, V]:
        made: Store[K, V] = Store.__new__(Store)
        made._buckets = (*self._buckets[:position], bucket, *self._buckets[position + 1 :])
        made._size = self._size - len(self._buckets[position]) + len(bucket)
        return made
