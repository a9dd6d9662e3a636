"""A certificate over the wire."""

from shared.http import CreditCode, Line, Schema


class CertificateDetails(Schema):
    """The certificate; its credit code was given by the national system and is recorded here."""

    credit_code: CreditCode
    certificate_number: Line
