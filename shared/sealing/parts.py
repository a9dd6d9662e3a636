"""Encryption of one part: framed with its length, padded to a size class, in chunks of 64 KiB.

Each part has a key of its own, so a chunk's nonce is its number and whether it is the last: chunks
cannot be dropped, repeated or put in another order.
"""

from shared.sealing.errors import Malformed, NotGenuine, Reason
from shared.sealing.sizes import size_class
from shared.sealing.suites import Suite

CHUNK = 64 * 1024
TAG = 16
LENGTH = 8
KEY_SIZE = 32
LARGEST_CONTENT = 64 * 1024 * 1024
LARGEST_PART = size_class(LARGEST_CONTENT + LENGTH) + (LARGEST_CONTENT // CHUNK + 512) * TAG


def encrypt_part(suite: Suite, key: bytes, content: bytes, bound: bytes, where: str) -> bytes:
    if len(content) > LARGEST_CONTENT:
        raise Malformed(Reason.TOO_LARGE, where, f"more than {LARGEST_CONTENT} bytes")
    framed = len(content).to_bytes(LENGTH, "big") + content
    framed += bytes(size_class(len(framed)) - len(framed))
    starts = range(0, len(framed), CHUNK)
    return b"".join(
        suite.encrypt(
            key, _nonce(n, start + CHUNK >= len(framed)), framed[start : start + CHUNK], bound
        )
        for n, start in enumerate(starts)
    )


def decrypt_part(suite: Suite, key: bytes, sealed: bytes, bound: bytes, where: str) -> bytes:
    framed = b"".join(_chunks(suite, key, sealed, bound, where))
    size = int.from_bytes(framed[:LENGTH], "big")
    content, padding = framed[LENGTH : LENGTH + size], framed[LENGTH + size :]
    # The padding is checked, so that nothing can be hidden in it and one content has one frame.
    if len(content) != size or any(padding) or len(framed) != size_class(LENGTH + size):
        raise NotGenuine(Reason.PART_PADDING, where)
    return content


def _chunks(suite: Suite, key: bytes, sealed: bytes, bound: bytes, where: str) -> list[bytes]:
    step = CHUNK + TAG
    starts = range(0, len(sealed), step)
    opened = []
    for n, start in enumerate(starts):
        last = start + step >= len(sealed)
        chunk = suite.decrypt(key, _nonce(n, last), sealed[start : start + step], bound)
        if chunk is None:
            raise NotGenuine(Reason.PART_DOES_NOT_OPEN, where, f"chunk {n}")
        opened.append(chunk)
    if not opened:
        raise NotGenuine(Reason.PART_DOES_NOT_OPEN, where, "empty")
    return opened


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
