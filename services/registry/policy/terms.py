"""The policy's and the law's own terms for what rules speak of, in both languages."""

from collections.abc import Iterable
from typing import Final

from shared.words import Text

TERMS: Final = {
    # what would make a site a branch
    "own_seal": Text(zh="印章", en="a seal of its own"),
    "own_account": Text(zh="银行账户", en="an account of its own"),
    "own_legal_status": Text(zh="法人资格", en="a legal status of its own"),
    # what a charter states
    "purpose": Text(zh="宗旨", en="purpose"),
    "scope": Text(zh="范围", en="scope"),
    "methods": Text(zh="方式", en="methods"),
    # the parts of a name
    "division": Text(zh="行政区划", en="division"),
    "trade_name": Text(zh="字号", en="trade name"),
    "field": Text(zh="行（事）业领域", en="field"),
    "form": Text(zh="组织形式", en="form"),
    # the documents of an application
    "application_letter": Text(zh="登记申请书", en="letter of application"),
    "seat_proof": Text(zh="住所使用权证明", en="proof of the seat"),
    "capital_verification": Text(zh="验资报告", en="verification of the funds"),
    "head_identity": Text(zh="拟任负责人身份证明", en="identity of the head"),
    "charter_draft": Text(zh="章程草案", en="draft charter"),
    "unit_consent": Text(zh="业务主管单位批准文件", en="consent of the supervising unit"),
    # kinds of agency, legal forms, and rights to a seat
    "community_service": Text(zh="城乡社区服务类", en="urban and rural community service"),
    "other": Text(zh="其他类", en="another kind"),
    "legal_person": Text(zh="法人", en="a legal person"),
    "partnership": Text(zh="合伙", en="a partnership"),
    "individual": Text(zh="个体", en="an individual"),
    "owned": Text(zh="自有", en="owned"),
    "leased": Text(zh="租赁", en="leased"),
    "lent": Text(zh="无偿提供", en="lent free of charge"),
    # conclusions of an annual inspection
    "pass": Text(zh="合格", en="pass"),
    "basic": Text(zh="基本合格", en="basic pass"),
    "fail": Text(zh="不合格", en="fail"),
}


def term(code: str) -> Text:
    return TERMS[code]


def listed(codes: Iterable[str]) -> Text:
    """Several terms in a row, as each language writes a list."""
    found = [TERMS[code] for code in codes]
    return Text(zh="、".join(text.zh for text in found), en=", ".join(text.en for text in found))
