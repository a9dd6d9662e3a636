"""A person's token of another provider for one of ours (RFC 8693), by way of a platform.

Whose rights: those of the client that an administrator has mapped the person to, and of nobody
else. The token's subject is that client; `act` says through whose hands it comes, the platform
outermost and in it the person: a journal row shows who, for whom, and through whom.
"""

from dataclasses import dataclass

from gateway.runtime import GatewayRuntime
from gateway.tokens.authentication import Asking
from gateway.tokens.forms import TokenRequestRefused, malformed
from gateway.tokens.issuing import Hands
from gateway.tokens.mandates import legal_day
from gateway.tokens.models import Client
from gateway.tokens.providers import Identity
from gateway.tokens.queries import client_asking, person_of
from gateway.tokens.rules import NEVER_A_PERSONS, Role
from shared.actor import Person
from shared.days import end_of
from shared.jwts import Malformed
from shared.words import Text

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
SUBJECT_TYPES = (
    "urn:ietf:params:oauth:token-type:id_token",
    ACCESS_TOKEN,
    "urn:ietf:params:oauth:token-type:jwt",
)
ISSUED_TYPES = (ACCESS_TOKEN, "urn:ietf:params:oauth:token-type:jwt")

NOT_A_PLATFORM = Text(
    zh="只有政务平台可以换取令牌", en="only a client with the role `platform` exchanges tokens"
)
UNMAPPED = Text(
    zh="该人员未获授权，或不在有效期内",
    en="this person is mapped to no client, or not on this day",
)


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Whose rights the token is to carry, through whose hands, and until when at most."""

    client: Client
    hands: Hands
    until: float


async def exchanged(form: dict[str, str], asking: Asking, gateway: GatewayRuntime) -> Exchanged:
    if Role.PLATFORM not in asking.client.roles:
        raise TokenRequestRefused("unauthorized_client", NOT_A_PLATFORM)
    _require_known(form, gateway.settings.audience)
    try:
        identity = await gateway.providers.identity(form.get("subject_token", ""), asking.now)
    except Malformed as fault:
        raise malformed(
            Text(zh="subject_token 无效", en=f"the subject_token is not valid: {fault}")
        ) from None
    client, mapped_until = await _mapped(identity, asking.now, gateway)
    person = Person(identity.issuer, identity.subject)
    hands = Hands(asking.client.client_id, person)
    return Exchanged(client, hands, min(identity.until, mapped_until))


def _require_known(form: dict[str, str], audience: str) -> None:
    if form.get("subject_token_type") not in SUBJECT_TYPES:
        raise malformed(
            Text(
                zh=f"subject_token_type 须为：{'、'.join(SUBJECT_TYPES)}",
                en=f"subject_token_type is one of {', '.join(SUBJECT_TYPES)}",
            )
        )
    if form.get("requested_token_type", ACCESS_TOKEN) not in ISSUED_TYPES:
        raise malformed(Text(zh="只签发访问令牌", en="access tokens are issued, nothing else"))
    if "actor_token" in form or "actor_token_type" in form:
        raise malformed(
            Text(
                zh="平台以自身凭据办理，不使用 actor_token",
                en="the platform shows who it is by its own credentials; send no actor_token",
            )
        )
    if form.get("audience", audience) != audience or "resource" in form:
        raise TokenRequestRefused(
            "invalid_target", Text(zh=f"audience 只能是 {audience}", en=f"audience is {audience}")
        )


async def _mapped(identity: Identity, now: float, gateway: GatewayRuntime) -> tuple[Client, float]:
    """The client whose rights the person uses today; nobody unmapped has any."""
    today = legal_day(now)
    async with gateway.sessions() as session:
        mapped = await person_of(session, identity.issuer, identity.subject)
        client = mapped and await client_asking(session, mapped.client_id)
        if mapped is not None:
            await session.refresh(mapped)  # whoever ends it holds the client: now it is settled
    if not mapped or not client or mapped.ended_at:
        raise malformed(UNMAPPED)
    if not mapped.first_day <= today <= mapped.last_day:
        raise malformed(UNMAPPED)
    if client.disabled_at or not NEVER_A_PERSONS.isdisjoint(client.roles):
        raise malformed(UNMAPPED)
    return client, end_of(mapped.last_day).timestamp()
