"""Which roles there are, and which of them one client may not hold together."""

import re
from collections.abc import Iterable
from enum import StrEnum

from shared.errors import FieldError, InvalidInput, NotWellFormed
from shared.identifiers import CreditCode
from shared.words import Text


class Role(StrEnum):
    REGISTRAR = "registrar"
    SUPERVISOR = "supervisor"
    PURCHASER = "purchaser"
    PROCUREMENT_AGENT = "procurement_agent"
    PANELLIST = "panellist"
    CUSTODIAN = "custodian"
    FINANCE = "finance"
    EVALUATOR = "evaluator"
    INCUBATOR_MANAGER = "incubator_manager"
    INDUSTRY_BODY = "industry_body"
    STREET_OFFICER = "street_officer"
    AUDITOR = "auditor"
    AGENCY = "agency"
    PLATFORM = "platform"
    ADMINISTRATOR = "administrator"
    SERVICE = "service"


R = Role

ALONE = {
    R.ADMINISTRATOR: Text(
        zh="系统管理员只管理客户端和密钥，不接触业务数据",
        en="an administrator looks after clients and keys and has no business data",
    ),
    R.AUDITOR: Text(
        zh="审计人员可查阅全部内容，不作任何更改", en="an auditor reads all and changes nothing"
    ),
    R.SERVICE: Text(zh="服务只以自身身份行事", en="a service acts as itself"),
    R.AGENCY: Text(
        zh="机构只代表自己，不对他人作决定", en="an agency acts for itself and decides about nobody"
    ),
}
APART = {
    frozenset({R.CUSTODIAN, R.PANELLIST}): Text(
        zh="密钥保管人不得评标", en="who keeps the keys does not score the bids"
    ),
    frozenset({R.REGISTRAR, R.PURCHASER}): Text(
        zh="负责机构登记的不得向其授予合同", en="who registers an agency does not award to it"
    ),
    frozenset({R.SUPERVISOR, R.PURCHASER}): Text(
        zh="负责机构检查的不得向其授予合同", en="who inspects an agency does not award to it"
    ),
    frozenset({R.REGISTRAR, R.PANELLIST}): Text(
        zh="负责机构登记的不得为其评标", en="who registers an agency does not score its bid"
    ),
    frozenset({R.SUPERVISOR, R.PANELLIST}): Text(
        zh="负责机构检查的不得为其评标", en="who inspects an agency does not score its bid"
    ),
}
"""Held by one client, each pair would let one hand do what takes two."""

CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def checked_client(
    client_id: str, roles: Iterable[str], org: str | None
) -> tuple[list[str], str | None]:
    """The roles in order and the credit code in its stored form, or everything that is wrong."""
    held = sorted(set(roles))
    faults = [
        FieldError(
            "/roles",
            fault,
            Text(zh="请将该角色授予另一客户端", en="give the role to another client"),
        )
        for fault in clashes(held)
    ]
    faults += [
        FieldError(
            "/roles",
            Text(zh="须为角色列表中的角色", en="a role of the list"),
            Text(
                zh="请用 `python -m gateway clients roles` 查看角色列表",
                en="see `python -m gateway clients roles`",
            ),
        )
        for role in held
        if role not in set(Role)
    ]
    if not held:
        faults.append(
            FieldError(
                "/roles",
                Text(zh="至少一个角色", en="at least one role"),
                Text(zh="请指定角色", en="name one"),
            )
        )
    if not CLIENT_ID.fullmatch(client_id):
        faults.append(
            FieldError(
                "/client_id",
                Text(
                    zh="须为 2 至 64 个小写字母、数字、点、连字符或下划线",
                    en="2 to 64 of a-z, 0-9, dot, dash, underscore",
                ),
                Text(zh="请另取名称", en="choose another name"),
            )
        )
    try:
        code = None if org is None else str(CreditCode.parse(org))
    except NotWellFormed as fault:
        code = None
        faults.append(FieldError("/org", fault.rule, fault.remedy))
    if faults:
        raise InvalidInput(faults)
    return held, code


def clashes(roles: Iterable[str]) -> list[Text]:
    """Why these roles may not be one client's; nothing when they may."""
    held = set(roles)
    found = [why for role, why in ALONE.items() if role in held and len(held) > 1]
    return found + [why for pair, why in APART.items() if pair <= held]
