"""Texts that people read, in Chinese and English."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Text:
    """One saying in both languages; `{names}` are filled in by `filled`."""

    zh: str
    en: str

    def filled(self, **figures: Any) -> "Text":
        return Text(zh=self.zh.format(**figures), en=self.en.format(**figures))

    def in_language(self, language: str) -> str:
        """The English text for `en…`, else the Chinese one."""
        return self.en if language.lower().startswith("en") else self.zh

    def both(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


def preferred_language(accept_language: str | None) -> str:
    """The better liked of `zh` and `en` in an Accept-Language header; Chinese when none is named."""
    best, best_weight = "zh", 0.0
    for part in (accept_language or "").split(","):
        name, _, parameters = part.strip().partition(";")
        language = name.strip().lower()[:2]
        if language not in ("zh", "en"):
            continue
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
        except ValueError:
            continue
        if weight > best_weight:
            best, best_weight = language, weight
    return best
