"""What a certificate must carry before it is handed over (发证)."""

from dataclasses import dataclass
from datetime import date

from services.registry.policy import figures
from services.registry.policy.clauses import CERTIFICATE_IN_TIME, STATE_CODE
from shared.policy import Answer, Rulebook, breached, met, rule, warned
from shared.words import Text


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is known of a certificate before it is handed over. The code was checked on its way in."""

    kind: str
    division: str
    code_taken: bool
    due: date
    today: date


@rule(STATE_CODE)
def code_is_a_private_units(certificate: Certificate) -> Answer:
    if certificate.kind != "52":
        return breached(
            Text(
                zh="代码前两位为 {kind}，民办非企业单位应为 52",
                en="the code begins {kind}; a private non-enterprise unit's begins 52",
            ),
            kind=certificate.kind,
        )
    return met(Text(zh="代码属于民办非企业单位", en="the code is a private non-enterprise unit's"))


@rule(STATE_CODE)
def code_is_this_districts(certificate: Certificate) -> Answer:
    if certificate.division != figures.DISTRICT:
        return breached(
            Text(
                zh="代码登记机关区划为 {division}，不是 410108",
                en="the code was given for division {division}, not 410108",
            ),
            division=certificate.division,
        )
    return met(Text(zh="代码属于本区", en="the code was given for this district"))


@rule(STATE_CODE)
def code_is_unused(certificate: Certificate) -> Answer:
    if certificate.code_taken:
        return breached(
            Text(zh="该代码已登记在另一机构名下", en="another agency already has this code")
        )
    return met(Text(zh="代码未被使用", en="no agency has this code yet"))


@rule(CERTIFICATE_IN_TIME)
def certificate_in_ten_days(certificate: Certificate) -> Answer:
    days = figures.DAYS_TO_CERTIFY.on(certificate.today)
    told = {"due": certificate.due, "days": days}
    if certificate.today > certificate.due:
        return warned(
            Text(
                zh="证书应于 {due} 前颁发（{days} 个工作日）",
                en="the certificate was due on {due} ({days} working days)",
            ),
            **told,
        )
    return met(
        Text(zh="在 {due} 前颁发", en="handed over by {due}, within {days} working days"), **told
    )


CERTIFICATE = Rulebook(
    "handing over the certificate",
    [code_is_a_private_units, code_is_this_districts, code_is_unused, certificate_in_ten_days],
)
