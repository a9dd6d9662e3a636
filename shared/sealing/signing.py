"""Signed statements: a canonical document, and a signature over it that names its purpose."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.sealing.canonical import Fields, canonical, read_document
from shared.sealing.errors import Malformed, NotGenuine, Reason, Untrusted
from shared.sealing.suites import PUBLIC_SIZE, Suite, binding, key_id, suite_named

PUBLIC_KEY_FORMAT = "huishe-public-key/1"


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key that somebody trusts, with the suite it belongs to."""

    suite: Suite
    public: bytes

    @property
    def id(self) -> str:
        return key_id(self.suite, self.public)

    def check(self, label: str, statement: Mapping[str, Any], signature: bytes, where: str) -> None:
        message = binding(self.suite, label, canonical(statement))
        if not self.suite.verifies(self.public, signature, message):
            raise NotGenuine(Reason.SIGNATURE, where)

    def encode(self) -> bytes:
        return canonical(
            {
                "format": PUBLIC_KEY_FORMAT,
                "suite": self.suite.id,
                "key_id": self.id,
                "public_key": self.public.hex(),
            }
        )

    @classmethod
    def parse(cls, data: bytes) -> "VerifyingKey":
        fields = read_document(data, "public key")
        fields.format(PUBLIC_KEY_FORMAT)
        suite = suite_of(fields)
        key = cls(suite, fields.octets("public_key", PUBLIC_SIZE))
        if fields.take("key_id") != key.id:
            raise Malformed(Reason.INVALID_KEY, "public key.key_id", "not the id of this key")
        fields.done()
        return key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private signing key."""

    suite: Suite
    private: bytes

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.suite, self.suite.signing_public(self.private))

    @property
    def id(self) -> str:
        return self.verifying.id

    def sign(self, label: str, statement: Mapping[str, Any]) -> bytes:
        return self.suite.sign(self.private, binding(self.suite, label, canonical(statement)))

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"


def suite_of(fields: Fields) -> Suite:
    """The suite a document says it is made with."""
    where = f"{fields.where}.suite"
    name = fields.take("suite")
    if not isinstance(name, str):
        raise Malformed(Reason.WRONG_TYPE, where, "text is needed")
    return suite_named(name, where)


def require_trusted(trusted: VerifyingKey, suite: Suite, named: str, where: str) -> None:
    """Only the key named from outside counts, whatever the document says of its signer."""
    if trusted.suite.id != suite.id or trusted.id != named:
        raise Untrusted(Reason.UNTRUSTED_KEY, where, f"signed by {named}, trusted is {trusted.id}")
