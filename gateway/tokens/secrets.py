"""Client secrets: drawn at random, shown once, kept as scrypt hashes."""

import hashlib
import hmac
import os
import secrets
from functools import cache

# Some 40 ms and 16 MB for each guess at a secret that a person made up. One that was drawn at random
# is beyond guessing, and twenty clients at the first start should not cost a second.
_COST, _COST_OF_DRAWN, _BLOCK, _PARALLEL = 2**14, 2**11, 8, 1
_DRAWN_LENGTH, _DRAWN_VARIETY = 40, 18
LONGEST_SECRET = 256


def draw_secret() -> str:
    return secrets.token_urlsafe(32)


def hash_secret(secret: str) -> str:
    salt = os.urandom(16)
    drawn = len(secret) >= _DRAWN_LENGTH and len(set(secret)) >= _DRAWN_VARIETY
    cost = _COST_OF_DRAWN if drawn else _COST
    digest = _scrypt(secret, salt, cost, _BLOCK, _PARALLEL)
    return f"scrypt${cost}${_BLOCK}${_PARALLEL}${salt.hex()}${digest.hex()}"


def secret_matches(secret: str, kept: str) -> bool:
    _, cost, block, parallel, salt, digest = kept.split("$")
    found = _scrypt(secret, bytes.fromhex(salt), int(cost), int(block), int(parallel))
    return hmac.compare_digest(found, bytes.fromhex(digest))


def _scrypt(secret: str, salt: bytes, cost: int, block: int, parallel: int) -> bytes:
    return hashlib.scrypt(
        secret.encode(), salt=salt, n=cost, r=block, p=parallel, maxmem=64 * 1024 * 1024
    )


@cache
def nobodys_hash() -> str:
    """What an unknown client's secret is compared with, so that both answers take as long."""
    return hash_secret(draw_secret())
