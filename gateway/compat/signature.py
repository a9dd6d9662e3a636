"""What a caller signs, and whether a signature holds. Bytes and figures in, yes or no out.

    HUISHE-COMPAT-1
    <algorithm>       HMAC-SHA256 or HMAC-SM3, the one that the key was given out for
    <client>
    <timestamp>       seconds since 1970, within five minutes of ours
    <nonce>           16 to 64 of A-Z a-z 0-9 _ -, used once
    <method>
    <path>            as sent
    <query>           as sent, without the question mark; an empty line when there is none
    <body digest>     of the bytes of the body, by the algorithm's own hash, in hexadecimal

Nine lines joined by line feeds, none at the end. No part can hold a line feed, so no two requests
have the same text. The signature is the HMAC of it under the client's key, in hexadecimal.
`vectors.json` has some of each.
"""

import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

PROFILE = "HUISHE-COMPAT-1"
WINDOW_SECONDS = 300

_CLIENT = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_TIMESTAMP = re.compile(r"[1-9][0-9]{9,10}")
_NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SIGNATURE = re.compile(r"[0-9a-f]{64}")


class Algorithm(StrEnum):
    SHA256 = "HMAC-SHA256"
    SM3 = "HMAC-SM3"

    @property
    def hash(self) -> hashes.HashAlgorithm:
        return hashes.SM3() if self is Algorithm.SM3 else hashes.SHA256()


@dataclass(frozen=True, slots=True)
class Signed:
    """What a request says of itself, in order as far as form goes."""

    client: str
    algorithm: Algorithm
    timestamp: int
    nonce: str
    signature: str

    @classmethod
    def of(
        cls, *, client: str, algorithm: str, timestamp: str, nonce: str, signature: str
    ) -> "Signed | None":
        """None when a part has not its form."""
        in_form = (
            _CLIENT.fullmatch(client)
            and _TIMESTAMP.fullmatch(timestamp)
            and _NONCE.fullmatch(nonce)
            and _SIGNATURE.fullmatch(signature)
            and algorithm in list(Algorithm)
        )
        if not in_form:
            return None
        return cls(client, Algorithm(algorithm), int(timestamp), nonce, signature)

    def is_timely(self, now: float) -> bool:
        return abs(now - self.timestamp) <= WINDOW_SECONDS

    def holds(self, key: bytes, *, method: str, path: bytes, query: bytes, body: bytes) -> bool:
        """Compared in constant time."""
        text = text_to_sign(self, method=method, path=path, query=query, body=body)
        return hmac.compare_digest(sign(key, self.algorithm, text), self.signature)


def text_to_sign(signed: Signed, *, method: str, path: bytes, query: bytes, body: bytes) -> bytes:
    lines = [
        PROFILE,
        signed.algorithm.value,
        signed.client,
        str(signed.timestamp),
        signed.nonce,
        method,
        path.decode("ascii"),
        query.decode("ascii"),
        digest(signed.algorithm, body),
    ]
    return "\n".join(lines).encode("ascii")


def digest(algorithm: Algorithm, body: bytes) -> str:
    hashing = hashes.Hash(algorithm.hash)
    hashing.update(body)
    return hashing.finalize().hex()


def sign(key: bytes, algorithm: Algorithm, text: bytes) -> str:
    mac = HMAC(key, algorithm.hash)
    mac.update(text)
    return mac.finalize().hex()
