"""The contract of the gateway's own endpoints, as `make contracts` writes it."""

from typing import Any

from gateway.app import own_application


def own_contract() -> dict[str, Any]:
    return own_application(sandbox=True).openapi()
