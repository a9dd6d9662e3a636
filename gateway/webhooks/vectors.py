"""Test vectors for receivers: `python -m gateway.webhooks.vectors` writes `vectors.json`.

Keys and times are given, so every implementation gets the same text. Two cases are the published
ones of others: the example of Standard Webhooks, and the first key of RFC 8032.
"""

import base64
import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.webhooks.signing import headers, published, shown

PATH = Path(__file__).with_name("vectors.json")
AT = datetime(2026, 3, 2, 1, 0, 0, 500_000, tzinfo=UTC)
EVENT = (
    '{"data":{"title":"社工服务站运营"},"feedposition":7,"id":"01960000-0000-7000-8000-000000000001",'
    '"leaf":"5f0c","specversion":"1.0","type":"tender.published"}'
)

# Not secrets: anybody can make them, and nothing else is signed with them.
FIRST, SECOND = (sha256(b"huishe webhooks, vectors, %d" % n).digest() for n in (1, 2))
OF_THE_STANDARD = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
OF_RFC_8032 = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
CASES: list[tuple[str, str, datetime, str, list[bytes], list[bytes]]] = [
    ("one secret", "evt_01", AT, EVENT, [FIRST], []),
    ("two secrets while one follows the other", "evt_01", AT, EVENT, [SECOND, FIRST], []),
    ("a secret and the gateway's key", "evt_01", AT, EVENT, [FIRST], [OF_RFC_8032]),
    ("an empty body", "ping_01", AT, "", [FIRST], [OF_RFC_8032]),
    (
        "the example of Standard Webhooks",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        '{"test": 2432232314}',
        [OF_THE_STANDARD],
        [],
    ),
]


def vectors() -> dict[str, Any]:
    return {
        "signed": "webhook-id, a full stop, webhook-timestamp, a full stop, and the body's bytes",
        "cases": [_case(*case) for case in CASES],
    }


def _case(
    name: str, webhook_id: str, at: datetime, body: str, own: list[bytes], seeds: list[bytes]
) -> dict[str, Any]:
    keys = [Ed25519PrivateKey.from_private_bytes(seed) for seed in seeds]
    return {
        "name": name,
        "secrets": [shown(secret) for secret in own],
        "public_keys": [published(key) for key in keys],
        "body": body,
        "headers": headers(webhook_id, at, body.encode(), own=own, keys=keys),
    }


def written() -> str:
    return json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    PATH.write_text(written(), encoding="utf-8")
