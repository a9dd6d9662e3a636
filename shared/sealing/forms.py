"""The forms inside a sealed bid that everybody must be able to read after the opening."""

from dataclasses import dataclass

from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, Reason

PRICE_FORMAT = "huishe-price-form/1"
IDENTITY_FORMAT = "huishe-identity-letter/1"

_YUAN = r"(?:0|[1-9][0-9]{0,11})\.[0-9]{2}"
_CREDIT_CODE = r"[0-9A-HJ-NP-RTUW-Y]{18}"


@dataclass(frozen=True, slots=True)
class PriceForm:
    """The price form (开标一览表): the whole price, and the personnel share of it, in fen."""

    credit_code: str
    name: str
    price: int
    personnel: int

    def encode(self) -> bytes:
        return canonical(
            {
                "format": PRICE_FORMAT,
                "credit_code": self.credit_code,
                "name": self.name,
                "currency": "CNY",
                "price": yuan(self.price),
                "personnel": yuan(self.personnel),
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> "PriceForm":
        fields = read_document(data, "price form", largest=64 * 1024)
        fields.format(PRICE_FORMAT)
        fields.one_of("currency", ["CNY"])
        form = cls(
            credit_code=_credit_code(fields),
            name=fields.text("name"),
            price=fen(fields.matching("price", _YUAN, "yuan with two places")),
            personnel=fen(fields.matching("personnel", _YUAN, "yuan with two places")),
        )
        fields.done()
        if form.price <= 0 or form.personnel > form.price:
            raise Malformed(
                Reason.OUT_OF_RANGE, "price form.price", "more than 0, at least personnel"
            )
        return form


@dataclass(frozen=True, slots=True)
class IdentityLetter:
    """The letter that says who bids, and who may sign for it (投标函、授权)."""

    credit_code: str
    name: str
    signatory: str
    contact: str

    def encode(self) -> bytes:
        return canonical(
            {
                "format": IDENTITY_FORMAT,
                "credit_code": self.credit_code,
                "name": self.name,
                "signatory": self.signatory,
                "contact": self.contact,
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> "IdentityLetter":
        fields = read_document(data, "identity letter", largest=64 * 1024)
        fields.format(IDENTITY_FORMAT)
        letter = cls(
            credit_code=_credit_code(fields),
            name=fields.text("name"),
            signatory=fields.text("signatory"),
            contact=fields.text("contact"),
        )
        fields.done()
        return letter


def _credit_code(fields: Fields) -> str:
    return fields.matching("credit_code", _CREDIT_CODE, "a unified social credit code")


def fen(text: str) -> int:
    return int(text.replace(".", ""))


def yuan(amount: int) -> str:
    return f"{amount // 100}.{amount % 100:02d}"
