"""As much of curl as the documents use, for a machine that has none: `python tests/support/curl.py …`."""

from __future__ import annotations

import sys
from pathlib import Path

import httpx

WITH_VALUE = ("-u", "-d", "-H", "-X", "-o", "-D", "-w")
FLAGS = ("-sS", "-i")


def main(words: list[str]) -> int:
    given: dict[str, list[str]] = {}
    urls = []
    while words:
        word = words.pop(0)
        if word in WITH_VALUE:
            given.setdefault(word, []).append(words.pop(0))
        elif word in FLAGS:
            given[word] = []
        elif word.startswith("http://"):
            urls.append(word)
        else:
            raise SystemExit(f"not known here: {word}")
    [url] = urls
    answer = _asked(url, given)
    head = f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items()) + "\r\n"
    if "-D" in given:
        Path(given["-D"][0]).write_text(head)
    told = (head.encode() if "-i" in given else b"") + answer.content
    if "-o" in given:
        Path(given["-o"][0]).write_bytes(told)
    else:
        sys.stdout.buffer.write(told)
    for wanted in given.get("-w", []):
        text = wanted.replace("%{http_code}", str(answer.status_code)).replace("\\n", "\n")
        sys.stdout.buffer.write(text.encode())
    return 0


def _asked(url: str, given: dict[str, list[str]]) -> httpx.Response:
    headers = dict(header.split(": ", 1) for header in given.get("-H", []))
    body = "".join(given["-d"]) if "-d" in given else None
    if body is not None:
        headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
    method = given.get("-X", ["GET" if body is None else "POST"])[0]
    user = given.get("-u", [None])[0]
    auth = tuple(user.split(":", 1)) if user else None
    return httpx.request(
        method, url, headers=headers, content=body and body.encode(), auth=auth, trust_env=False
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
