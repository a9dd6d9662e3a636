"""Merkle trees as RFC 6962 hashes them: the root over what was lodged, and proofs of inclusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.signing import suite_of
from shared.sealing.suites import HASH_SIZE, Suite

PROOF_FORMAT = "huishe-inclusion-proof/1"
LARGEST_TREE = 2**20


def leaf_hash(suite: Suite, data: bytes) -> bytes:
    return suite.hash(b"\x00" + data)


def node_hash(suite: Suite, left: bytes, right: bytes) -> bytes:
    return suite.hash(b"\x01" + left + right)


def root_of(suite: Suite, leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    if not leaves:
        return suite.hash(b"")
    level = list(leaves)
    while len(level) > 1:
        level = _paired(suite, level)
    return level[0]


def _paired(suite: Suite, level: Sequence[bytes]) -> list[bytes]:
    """The next level up. An odd last node goes up as it is: the same tree as the RFC's recursion."""
    pairs = [node_hash(suite, *level[n : n + 2]) for n in range(0, len(level) - 1, 2)]
    return pairs + ([level[-1]] if len(level) % 2 else [])


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """The way from one leaf to the root."""

    suite: Suite
    index: int
    size: int
    path: tuple[bytes, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "format": PROOF_FORMAT,
            "suite": self.suite.id,
            "index": self.index,
            "size": self.size,
            "path": [step.hex() for step in self.path],
        }

    def encode(self) -> bytes:
        return canonical(self.as_dict())

    @classmethod
    def parse(cls, data: bytes) -> "InclusionProof":
        return cls.read(read_document(data, "proof", largest=64 * 1024))

    @classmethod
    def read(cls, fields: Fields) -> "InclusionProof":
        fields.format(PROOF_FORMAT)
        suite = suite_of(fields)
        size = fields.integer("size", 1, LARGEST_TREE)
        index = fields.integer("index", 0, size - 1)
        path = fields.take("path")
        fields.done()
        if not isinstance(path, list) or len(path) > LARGEST_TREE.bit_length():
            raise Malformed(Reason.WRONG_TYPE, "proof.path", "a list of hashes is needed")
        steps = Fields({str(n): step for n, step in enumerate(path)}, "proof.path")
        return cls(
            suite, index, size, tuple(steps.octets(str(n), HASH_SIZE) for n in range(len(path)))
        )

    def check(self, leaf: bytes, root: bytes) -> None:
        """The leaf is under the root, at this place of a tree of this size."""
        if self._root_from(leaf) != root:
            raise NotGenuine(Reason.PROOF, "proof.path")

    def _root_from(self, leaf: bytes) -> bytes | None:
        at, last, found, steps = self.index, self.size - 1, leaf, list(self.path)
        while last:
            if at % 2:
                if not steps:
                    return None
                found = node_hash(self.suite, steps.pop(0), found)
            elif at < last:
                if not steps:
                    return None
                found = node_hash(self.suite, found, steps.pop(0))
            at, last = at // 2, last // 2
        return None if steps else found


def prove_inclusion(suite: Suite, leaves: Sequence[bytes], index: int) -> InclusionProof:
    path, at, level = [], index, list(leaves)
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            path.append(level[beside])
        at, level = at // 2, _paired(suite, level)
    return InclusionProof(suite, index, len(leaves), tuple(path))
