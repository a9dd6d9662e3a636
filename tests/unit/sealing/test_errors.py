import pytest

from shared.sealing.errors import MEANINGS, Malformed, Reason


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_told_in_both_languages_with_its_code(reason):
    told = Malformed(reason, "manifest.root", "a detail").told

    assert MEANINGS[reason].zh in told.zh
    assert MEANINGS[reason].en in told.en
    assert MEANINGS[reason].zh != MEANINGS[reason].en
    assert all(f"{reason.value}: manifest.root" in text for text in (told.zh, told.en))
