"""Merkle trees as RFC 6962 hashes them: roots, a tree that grows, and proofs of both kinds.

A leaf is hash(0x00 ‖ data), a node hash(0x01 ‖ left ‖ right). A proof is planned as ranges of leaves
(`inclusion_ranges`, `consistency_ranges`), so that whoever keeps the tree decides where the hashes
come from; `Subtree` is what a range is made of. Nothing here reads anything.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

Hash = Callable[[bytes], bytes]

HASH_SIZE = 32
TILE_HEIGHT = 8
"""Nodes are kept at every eighth height: 256 hashes make one of the next level."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


EMPTY_ROOT = sha256(b"")


def leaf_hash(data: bytes, hash: Hash = sha256) -> bytes:
    return hash(b"\x00" + data)


def node_hash(left: bytes, right: bytes, hash: Hash = sha256) -> bytes:
    return hash(b"\x01" + left + right)


def root_of(leaves: Sequence[bytes], hash: Hash = sha256) -> bytes:
    """The root over leaf hashes. An odd last node goes up as it is: the RFC's recursion, by levels."""
    if not leaves:
        return hash(b"")
    level = list(leaves)
    while len(level) > 1:
        level = paired(level, hash)
    return level[0]


def paired(level: Sequence[bytes], hash: Hash = sha256) -> list[bytes]:
    """The next level up."""
    pairs = [node_hash(level[n], level[n + 1], hash) for n in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


# ---------------------------------------------------------------------- a tree that grows


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree worth keeping: `level` × TILE_HEIGHT high, the `index`-th of its height."""

    level: int
    index: int
    hash: bytes


@dataclass(slots=True)
class Frontier:
    """The right edge of a growing tree: the roots of its complete subtrees, the largest first.

    All that is needed to go on: a leaf costs one or two hashes, whatever the size.
    """

    size: int = 0
    edge: list[bytes] = field(default_factory=list)

    def append(self, leaf: bytes) -> list[Node]:
        """Grow by one leaf hash; the nodes worth keeping that it completed."""
        completed: list[Node] = []
        found, height, index = leaf, 0, self.size
        while index & 1:
            found = node_hash(self.edge.pop(), found)
            height, index = height + 1, index >> 1
            if height % TILE_HEIGHT == 0:
                completed.append(Node(height // TILE_HEIGHT, index, found))
        self.edge.append(found)
        self.size += 1
        return completed

    def root(self) -> bytes:
        return joined(self.edge)

    def copy(self) -> "Frontier":
        return Frontier(self.size, list(self.edge))


def joined(parts: Sequence[bytes]) -> bytes:
    """The hash of a range from the roots of the subtrees it is made of, the largest first."""
    if not parts:
        return EMPTY_ROOT
    found = parts[-1]
    for part in reversed(parts[:-1]):
        found = node_hash(part, found)
    return found


# ---------------------------------------------------------------------- proofs, planned

Range = tuple[int, int]
"""Leaves from the first up to, not including, the second; counted from 0."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """A complete subtree of 2^height leaves, as the run of kept hashes that it is made from."""

    height: int
    index: int

    @property
    def level(self) -> int:
        return self.height // TILE_HEIGHT

    @property
    def run(self) -> Range:
        """Which hashes of its level: at most 128."""
        width = 1 << (self.height % TILE_HEIGHT)
        return self.index * width, (self.index + 1) * width


def subtrees(leaves: Range) -> Iterator[Subtree]:
    """The complete subtrees of a range that occurs in a proof, the largest first."""
    first, end = leaves
    while first < end:
        height = (end - first).bit_length() - 1
        if first:
            height = min(height, (first & -first).bit_length() - 1)
        yield Subtree(height, first >> height)
        first += 1 << height


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """PATH of RFC 6962, 2.1.1: whose hashes lead from the leaf at `index` to the root."""
    path: list[Range] = []
    first, end = 0, size
    while end - first > 1:
        split = first + _split(end - first)
        if index < split:
            path.append((split, end))
            end = split
        else:
            path.append((first, split))
            first = split
    return path[::-1]


def consistency_ranges(old: int, size: int) -> list[Range]:
    """PROOF of RFC 6962, 2.1.2: whose hashes show that the tree of `old` leaves is in this one."""
    path: list[Range] = []
    if old == 0:
        return path
    first, end, whole = 0, size, True
    while old != end:
        split = first + _split(end - first)
        if old <= split:
            path.append((split, end))
            end = split
        else:
            path.append((first, split))
            first, whole = split, False
    if not whole:
        path.append((first, end))
    return path[::-1]


# ---------------------------------------------------------------------- proofs, checked


def root_from(
    leaf: bytes, index: int, size: int, path: Iterable[bytes], hash: Hash = sha256
) -> bytes | None:
    """The root that an inclusion proof leads to; None when its length does not fit (RFC 9162, 2.1.3.2)."""
    at, last, found, steps = index, size - 1, leaf, list(path)
    if not 0 <= at <= last:
        return None
    while last:
        if at % 2 or at < last:  # an odd last node goes up alone
            if not steps:
                return None
            step = steps.pop(0)
            found = node_hash(step, found, hash) if at % 2 else node_hash(found, step, hash)
        at, last = at // 2, last // 2
    return None if steps else found


def extends(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of `size` leaves begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if old > size or (old == size and path):
        return False
    if old == size:
        return old_root == root
    if old == 0:
        return old_root == EMPTY_ROOT and not path
    steps = list(path)
    if old & (old - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    at, last = old - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    older = newer = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            older, newer = node_hash(step, older), node_hash(step, newer)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            newer = node_hash(newer, step)
        at, last = at >> 1, last >> 1
    return last == 0 and older == old_root and newer == root
