"""惠社的 Python 客户端。The Python client of Huishe: needs Python 3.11 and httpx, nothing of the suite.

    from huishe_client import Huishe, Refused

    with Huishe("https://huishe.example.gov.cn", "my-platform", SECRET) as huishe:
        page = huishe.registry.list_agencies(state="active")
        for agency in page.body["items"]:
            print(agency["name"])

令牌、幂等键、重试和分页由客户端处理；被拒绝时抛出 `Refused`，其 `kind` 是 errors.md 中的错误码。
"""

from .asking import Answer, Asking, Refused, Unreachable
from .huishe import Huishe

__all__ = ["Answer", "Asking", "Huishe", "Refused", "Unreachable"]
