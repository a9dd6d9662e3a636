"""Which roles there are, which one client may not hold together, and which can be mandated."""

import re
from collections.abc import Iterable
from datetime import date
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

NAMES = {
    R.REGISTRAR: Text(zh="登记管理机关", en="registrar"),
    R.SUPERVISOR: Text(zh="业务监督管理", en="supervisor"),
    R.PURCHASER: Text(zh="购买主体", en="purchaser"),
    R.PROCUREMENT_AGENT: Text(zh="采购代理机构", en="procurement agent"),
    R.PANELLIST: Text(zh="评审专家", en="panellist"),
    R.CUSTODIAN: Text(zh="密钥保管人", en="custodian of keys"),
    R.FINANCE: Text(zh="财政部门", en="finance department"),
    R.EVALUATOR: Text(zh="评估专家", en="evaluator"),
    R.INCUBATOR_MANAGER: Text(zh="孵化基地管理员", en="incubator manager"),
    R.INDUSTRY_BODY: Text(zh="行业组织", en="industry body"),
    R.STREET_OFFICER: Text(zh="街道社工专干", en="street officer"),
    R.AUDITOR: Text(zh="审计人员", en="auditor"),
    R.AGENCY: Text(zh="社会工作服务机构", en="social-work agency"),
    R.PLATFORM: Text(zh="政务平台", en="municipal platform"),
    R.ADMINISTRATOR: Text(zh="系统管理员", en="administrator"),
    R.SERVICE: Text(zh="本系统服务", en="a service of the suite"),
}
MANDATED = frozenset({R.PLATFORM, R.PROCUREMENT_AGENT})
"""Who may act for another organisation."""
NEVER_MANDATED = frozenset({R.ADMINISTRATOR, R.AUDITOR, R.SERVICE, R.PLATFORM})
"""What nobody does for another."""
NEVER_A_PERSONS = frozenset({R.ADMINISTRATOR, R.SERVICE, R.PLATFORM})
"""Rights that are not given to a person who comes by way of another's platform."""
MOST_MANDATES = 8
"""At once in force, so that a token still fits into the head of a request."""
LONGEST_DOCUMENT = 40

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


def checked_mandate(
    holder: Iterable[str], roles: Iterable[str], org: str, first: date, last: date, document: str
) -> tuple[list[str], str]:
    """The roles in order and the credit code in its stored form, or everything that is wrong."""
    given = sorted(set(roles))
    faults = _days_in_order(first, last)
    if MANDATED.isdisjoint(holder):
        faults.append(
            FieldError(
                "/client_id",
                Text(
                    zh="只有政务平台和采购代理机构受托办理",
                    en="only a platform or a procurement agent acts under a mandate",
                ),
                Text(zh="请先授予相应角色", en="give the client that role first"),
            )
        )
    if not given or not set(given) <= set(Role) - NEVER_MANDATED:
        faults.append(
            FieldError(
                "/roles",
                Text(zh="须为可委托的角色", en="roles that can be mandated, one at least"),
                Text(
                    zh=f"可用：{'、'.join(sorted(set(Role) - NEVER_MANDATED))}",
                    en=f"one of: {', '.join(sorted(set(Role) - NEVER_MANDATED))}",
                ),
            )
        )
    if not 1 <= len(document.strip()) <= LONGEST_DOCUMENT or not document.isprintable():
        faults.append(
            FieldError(
                "/document",
                Text(
                    zh=f"文号为 1 至 {LONGEST_DOCUMENT} 个字符",
                    en=f"a document number of 1 to {LONGEST_DOCUMENT} characters",
                ),
                Text(zh="请填写委托文件的文号", en="give the number of the mandating document"),
            )
        )
    try:
        code = str(CreditCode.parse(org))
    except NotWellFormed as fault:
        code = ""
        faults.append(FieldError("/org", fault.rule, fault.remedy))
    if faults:
        raise InvalidInput(faults)
    return given, code


def checked_person(subject: str, roles: Iterable[str], first: date, last: date) -> None:
    """Whether a person may be given the rights of a client with these roles."""
    faults = _days_in_order(first, last)
    if not 1 <= len(subject) <= 255 or not subject.isprintable():
        faults.append(
            FieldError(
                "/subject",
                Text(zh="1 至 255 个字符", en="1 to 255 characters"),
                Text(
                    zh="请填写身份提供方给出的标识", en="give what the identity provider names it"
                ),
            )
        )
    if not NEVER_A_PERSONS.isdisjoint(roles):
        faults.append(
            FieldError(
                "/client_id",
                Text(
                    zh="系统管理员、服务和平台的权限不授予外部登录的人员",
                    en="rights of administrators, services and platforms are not given to a person "
                    "who comes by way of a provider",
                ),
                Text(zh="请选择其他客户端", en="choose another client"),
            )
        )
    if faults:
        raise InvalidInput(faults)


def _days_in_order(first: date, last: date) -> list[FieldError]:
    if first <= last:
        return []
    return [
        FieldError(
            "/last_day",
            Text(zh="不早于首日", en="not before the first day"),
            Text(zh="请更正起止日期", en="put the days in order"),
        )
    ]
