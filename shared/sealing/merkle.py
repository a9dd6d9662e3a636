"""The root over what was lodged, and proofs of inclusion: `shared.merkle` under a suite's hash."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared import merkle
from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.signing import suite_of
from shared.sealing.suites import HASH_SIZE, Suite

PROOF_FORMAT = "huishe-inclusion-proof/1"
LARGEST_TREE = 2**20


def leaf_hash(suite: Suite, data: bytes) -> bytes:
    return merkle.leaf_hash(data, suite.hash)


def root_of(suite: Suite, leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return merkle.root_of(leaves, suite.hash)


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
        found = merkle.root_from(leaf, self.index, self.size, self.path, self.suite.hash)
        if found != root:
            raise NotGenuine(Reason.PROOF, "proof.path")


def prove_inclusion(suite: Suite, leaves: Sequence[bytes], index: int) -> InclusionProof:
    path, at, level = [], index, list(leaves)
    while len(level) > 1:
        beside = at ^ 1
        if beside < len(level):
            path.append(level[beside])
        at, level = at // 2, merkle.paired(level, suite.hash)
    return InclusionProof(suite, index, len(leaves), tuple(path))
