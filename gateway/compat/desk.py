"""Who sent a signed request: verified before anything of it is looked at, and once only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.requests import Request

from gateway.compat.keys import forget_old_nonces, key_of, use_up
from gateway.compat.signature import Signed
from gateway.tokens.queries import client_asking
from shared.errors import BadRequest, Retry, Unauthenticated
from shared.sensitive import Unreadable, Vault
from shared.words import Text

PARTS = ("client", "algorithm", "timestamp", "nonce", "signature")
HEADERS = {part: f"x-compat-{part}" for part in PARTS}

MALFORMED = Text(
    zh="签名头缺失、重复或形式不符：X-Compat-Client、-Algorithm、-Timestamp、-Nonce、-Signature 各一个",
    en="X-Compat-Client, -Algorithm, -Timestamp, -Nonce and -Signature each stand once, in their form",
)
UNTIMELY = Text(
    zh="时间戳与网关相差超过五分钟：请校准时钟", en="the timestamp is over five minutes off"
)
NOT_SIGNED = Text(
    zh="签名不符：请核对客户端、密钥、算法和所签文本", en="the signature does not hold"
)
REPLAYED = Text(
    zh="该随机数已用过：每次请求另取一个", en="this nonce was used before: draw another each time"
)
TWO_WAYS = Text(zh="令牌与签名只能用一种", en="send a token or a signature, not both")


class SignatureRefused(Unauthenticated):
    kind = "signature-refused"
    title = Text(zh="签名未通过", en="The signature is refused")
    cause = Text(
        zh="签名头不全、时间戳超出五分钟、随机数用过，或签名与密钥、算法、内容不符",
        en="a part is missing, the timestamp is off, the nonce was used, or the signature does not hold",
    )
    remedy = Text(
        zh="按 detail 更正；每次请求用新的时间戳和随机数重新签名，重复办理沿用同一 idempotency_key",
        en="correct what `detail` names; sign each request anew, keep the idempotency_key for a repetition",
    )
    retry = Retry.CORRECTED

    def __init__(self, detail: Text) -> None:
        super().__init__(detail)
        self.headers = {"WWW-Authenticate": "Huishe-Compat"}


@dataclass(frozen=True, slots=True)
class Verified:
    """Whom the real request is sent for."""

    client_id: str
    roles: Sequence[str]
    org: str | None


class CompatDesk:
    """One per process; what was used up is in the database, so that all processes know."""

    def __init__(self, sessions: async_sessionmaker[AsyncSession], secret: str) -> None:
        self._sessions = sessions
        self._vault = Vault(secret)
        self.outcomes: Counter[str] = Counter(
            {"verified": 0, "malformed": 0, "untimely": 0, "not_signed": 0, "replayed": 0}
        )

    async def verified(self, request: Request, body: bytes, now: float) -> Verified:
        """The client whose key signed exactly this; a refusal does not say which part was wrong."""
        signed = self._signed(request)
        if not signed.is_timely(now):
            raise self._refused("untimely", UNTIMELY)
        async with self._sessions.begin() as session:
            client = await client_asking(session, signed.client)
            if (
                client is None
                or client.disabled_at
                or not await self._holds(session, signed, request, body)
            ):
                raise self._refused("not_signed", NOT_SIGNED)
            if not await use_up(session, signed):
                raise self._refused("replayed", REPLAYED)
            found = Verified(client.client_id, tuple(client.roles), client.org)
        self.outcomes["verified"] += 1
        return found

    async def forget(self, now: float) -> None:
        async with self._sessions.begin() as session:
            await forget_old_nonces(session, now)

    def _signed(self, request: Request) -> Signed:
        if "authorization" in request.headers:
            raise BadRequest(TWO_WAYS)
        given = {part: request.headers.getlist(name) for part, name in HEADERS.items()}
        if any(len(values) != 1 for values in given.values()):
            raise self._refused("malformed", MALFORMED)
        signed = Signed.of(**{part: values[0] for part, values in given.items()})
        if signed is None:
            raise self._refused("malformed", MALFORMED)
        return signed

    async def _holds(
        self, session: AsyncSession, signed: Signed, request: Request, body: bytes
    ) -> bool:
        try:
            key = await key_of(session, self._vault, signed.client)
        except Unreadable:
            return False
        return (
            key is not None
            and key.algorithm is signed.algorithm
            and signed.holds(
                key.secret,
                method=request.method,
                path=request.scope["raw_path"],
                query=request.scope["query_string"],
                body=body,
            )
        )

    def _refused(self, outcome: str, detail: Text) -> SignatureRefused:
        self.outcomes[outcome] += 1
        return SignatureRefused(detail)
