"""The law's own terms for what rules speak of, in both languages."""

from typing import Final

from services.procurement.policy.codelists import Ground, Method
from shared.words import Text

TERMS: Final = {
    Method.OPEN_TENDER: Text(zh="公开招标", en="open tender"),
    Method.INVITED_TENDER: Text(zh="邀请招标", en="invited tender"),
    Method.COMPETITIVE_CONSULTATION: Text(zh="竞争性磋商", en="competitive consultation"),
    Method.COMPETITIVE_NEGOTIATION: Text(zh="竞争性谈判", en="competitive negotiation"),
    Method.SINGLE_SOURCE: Text(zh="单一来源", en="single sourcing"),
    Ground.TECHNICAL_COMPLEXITY: Text(zh="技术复杂", en="technical complexity"),
    Ground.SPECIAL_NATURE: Text(zh="性质特殊", en="special nature"),
}

YES: Final = Text(zh="是", en="yes")
NO: Final = Text(zh="否", en="no")
NONE: Final = Text(zh="无", en="none")


def term(code: Method | Ground) -> Text:
    return TERMS[code]


def spoken(text: Text, **terms: Text) -> Text:
    """The text with some of its places filled by terms, each in its own language."""
    zh, en = text.zh, text.en
    for name, words in terms.items():
        zh = zh.replace(f"{{{name}}}", words.zh)
        en = en.replace(f"{{{name}}}", words.en)
    return Text(zh=zh, en=en)
