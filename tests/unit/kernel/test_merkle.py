"""The tree of RFC 6962, held against the RFC's own recursion and published roots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.merkle import (
    EMPTY_ROOT,
    TILE_HEIGHT,
    Frontier,
    Range,
    consistency_ranges,
    extends,
    inclusion_ranges,
    joined,
    leaf_hash,
    node_hash,
    root_from,
    root_of,
    subtrees,
)

LEAVES = [leaf_hash(str(number).encode()) for number in range(700)]
SIZES = [1, 2, 3, 4, 5, 7, 8, 64, 255, 256, 257, 511, 512, 513, 700]

# The eight inputs and the roots that the certificate-transparency projects test themselves with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
INPUTS += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]

two_sizes = st.tuples(st.integers(0, 700), st.integers(1, 700)).map(sorted)


def recursive_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, 2.1, as it is written there."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


def grown(leaves: list[bytes]) -> tuple[Frontier, dict[tuple[int, int], bytes]]:
    """The tree and the nodes that are kept of it."""
    frontier, kept = Frontier(), {}
    for leaf in leaves:
        for node in frontier.append(leaf):
            kept[node.level, node.index] = node.hash
    return frontier, kept


_, KEPT = grown(LEAVES)


def hash_of(leaves: Range) -> bytes:
    """As a keeper answers: from leaves and kept nodes only."""
    parts = []
    for part in subtrees(leaves):
        first, past = part.run
        run = range(first, past)
        hashes = LEAVES[first:past] if part.level == 0 else [KEPT[part.level, n] for n in run]
        parts.append(root_of(hashes))
    return joined(parts)


@pytest.mark.parametrize("size", range(1, 9))
def test_published_roots_are_ours(size):
    leaves = [leaf_hash(bytes.fromhex(data)) for data in INPUTS[:size]]

    assert root_of(leaves).hex() == ROOTS[size - 1]
    assert grown(leaves)[0].root().hex() == ROOTS[size - 1]


@pytest.mark.parametrize("size", [0, *SIZES])
def test_a_tree_that_grew_is_the_tree_of_its_leaves(size):
    assert (
        grown(LEAVES[:size])[0].root()
        == root_of(LEAVES[:size])
        == hash_of((0, size))
        == recursive_root(LEAVES[:size])
    )


def test_every_eighth_height_is_kept_and_nothing_else():
    assert sorted(KEPT) == [(1, 0), (1, 1)]
    assert KEPT[1, 1] == root_of(LEAVES[256:512])
    assert 1 << TILE_HEIGHT == 256


@given(st.integers(1, 700), st.data())
def test_every_entry_is_proved_in_every_later_tree(size, data):
    index = data.draw(st.integers(0, size - 1))
    path = [hash_of(leaves) for leaves in inclusion_ranges(index, size)]

    assert root_from(LEAVES[index], index, size, path) == root_of(LEAVES[:size])


@given(st.integers(2, 700), st.data())
def test_a_proof_is_good_for_one_entry_at_one_place_only(size, data):
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda n: n != index))
    path = [hash_of(leaves) for leaves in inclusion_ranges(index, size)]
    root = root_of(LEAVES[:size])

    assert root_from(LEAVES[other], index, size, path) != root
    assert root_from(LEAVES[index], other, size, path) != root
    assert root_from(LEAVES[index], index, size, path[:-1]) != root
    assert root_from(LEAVES[index], index, size, [*path, path[0]]) is None
    assert root_from(LEAVES[index], size, size, path) is None
    flipped = bytes([path[0][0] ^ 1]) + path[0][1:]
    assert root_from(LEAVES[index], index, size, [flipped, *path[1:]]) != root


@given(two_sizes)
def test_a_longer_tree_is_shown_to_begin_with_the_shorter(sizes):
    old, size = sizes
    path = [hash_of(leaves) for leaves in consistency_ranges(old, size)]
    roots = root_of(LEAVES[:old]), root_of(LEAVES[:size])

    assert extends(old, roots[0], size, roots[1], path)
    if path:
        assert not extends(old, roots[0], size, roots[1], path[:-1])
        assert not extends(old, roots[0], size, roots[1], [*path, path[0]])


@given(two_sizes.filter(lambda sizes: sizes[0] > 0), st.data())
def test_a_changed_past_is_never_an_extension(sizes, data):
    old, size = sizes
    changed = data.draw(st.integers(0, old - 1))
    path = [hash_of(leaves) for leaves in consistency_ranges(old, size)]
    before = [*LEAVES[:changed], leaf_hash(b"another"), *LEAVES[changed + 1 : old]]

    assert not extends(old, root_of(before), size, root_of(LEAVES[:size]), path)


@pytest.mark.parametrize(("old", "size"), [(2, 1), (1, 0), (700, 699)])
def test_a_shorter_tree_extends_nothing(old, size):
    assert not extends(old, root_of(LEAVES[:old]), size, root_of(LEAVES[:size]), [])
