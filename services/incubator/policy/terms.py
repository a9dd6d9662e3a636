"""Terms in months."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months later; the month's last when there is none (民法典 202)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
