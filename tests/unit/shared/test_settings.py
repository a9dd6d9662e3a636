import pytest
from pydantic import SecretStr, ValidationError
from pydantic_settings import SettingsConfigDict

from shared.settings import Name, ServiceSettings, SettingsRefused, example_address, weak_secret


class LendingSettings(ServiceSettings):
    """An invented service."""

    model_config = SettingsConfigDict(env_prefix="LENDING_")

    client_id: Name = "lending"
    page_size: int = 100


GIVEN = {
    "LENDING_DATABASE_URL": "postgresql+asyncpg://lending_runtime:p4ss@127.0.0.1:8085/huishe_lending",
    "LENDING_CLIENT_SECRET": "q7Hs0PzKf2mXw9LrVt4BnYc8Ge3JdUa5",
    "LENDING_SECRET_KEY": "Zx1Cv2Bn3Mq4We5Rt6Yu7Io8Pa9Sd0Fg",
    "LENDING_SANDBOX": "true",
}
PRODUCTION = GIVEN | {
    "LENDING_SANDBOX": "false",
    "LENDING_ISSUER": "https://huishe.gov.cn",
    "LENDING_PROBLEM_BASE": "https://huishe.gov.cn/problems/",
    "LENDING_JOURNAL_KEY_DIRECTORY": "/srv/huishe/journal-keys",
}


@pytest.fixture
def given(monkeypatch):
    def give(variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return give


def test_settings_are_read_from_prefixed_variables(given):
    given(GIVEN | {"LENDING_PORT": "8099", "LENDING_LOG_LEVEL": "warning"})

    settings = LendingSettings()

    assert (settings.port, settings.log_level, settings.sandbox) == (8099, "WARNING", True)
    assert settings.client_id == "lending"
    assert settings.migrator_database_url is None


def test_settings_never_change(given):
    given(GIVEN)

    with pytest.raises(ValidationError, match="frozen"):
        LendingSettings().port = 1


def test_settings_never_print_a_secret(given):
    given(GIVEN)

    shown = repr(LendingSettings())

    for secret in ("p4ss", GIVEN["LENDING_CLIENT_SECRET"], GIVEN["LENDING_SECRET_KEY"]):
        assert secret not in shown


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LENDING_DATABASE_URL", ""),
        ("LENDING_DATABASE_URL", "postgresql://role@host/db"),
        ("LENDING_DATABASE_URL", "postgresql+asyncpg://role@host"),
        ("LENDING_MIGRATOR_DATABASE_URL", "sqlite+aiosqlite:///x"),
        ("LENDING_DATABASE_POOL", "0"),
        ("LENDING_DATABASE_POOL", "ten"),
        ("LENDING_PORT", "65536"),
        ("LENDING_BIND_HOST", "everywhere"),
        ("LENDING_GATEWAY_URL", "ftp://127.0.0.1"),
        ("LENDING_GATEWAY_URL", "http://127.0.0.1:8080/lending"),
        ("LENDING_GATEWAY_URL", "http://me:secret@127.0.0.1"),
        ("LENDING_PROBLEM_BASE", "https://huishe.example/problems"),
        ("LENDING_AUDIENCE", ""),
        ("LENDING_CLIENT_ID", ""),
        ("LENDING_CLIENT_SECRET", "short"),
        ("LENDING_SECRET_KEY", "x" * 31),
        ("LENDING_SANDBOX", "maybe"),
        ("LENDING_LOG_LEVEL", "LOUD"),
        ("LENDING_CONFIRMED_FIGURES", '{"notice_days": " "}'),
        ("LENDING_PAGE_SIZE", "1.5"),
    ],
)
def test_a_wrong_value_stops_the_start_up_and_names_its_variable(given, variable, value):
    given(GIVEN | {variable: value})

    with pytest.raises(SettingsRefused) as refusal:
        LendingSettings()

    assert f"{variable}: " in str(refusal.value)
    assert len(value) < 9 or value not in str(refusal.value)


@pytest.mark.parametrize("variable", [name for name in GIVEN if name != "LENDING_SANDBOX"])
def test_a_missing_value_stops_the_start_up_and_names_its_variable(given, variable):
    given({name: value for name, value in GIVEN.items() if name != variable})

    with pytest.raises(SettingsRefused, match=f"{variable}: Field required"):
        LendingSettings()


def test_every_wrong_value_is_told_at_once(given):
    given(GIVEN | {"LENDING_PORT": "x", "LENDING_SANDBOX": "x"})

    with pytest.raises(SettingsRefused, match=r"(?s)LENDING_SANDBOX.*LENDING_PORT"):
        LendingSettings()


def test_text_that_should_have_been_json_is_told_like_any_wrong_value(given):
    given(GIVEN | {"LENDING_CONFIRMED_FIGURES": "{"})

    with pytest.raises(SettingsRefused, match="confirmed_figures"):
        LendingSettings()


def test_a_misspelt_variable_is_refused_instead_of_ignored(given):
    given(GIVEN | {"LENDING_SANDBOCKS": "true"})

    with pytest.raises(SettingsRefused, match="LENDING_SANDBOCKS: no such setting"):
        LendingSettings()


def test_a_real_production_starts(given):
    given(PRODUCTION | {"LENDING_CONFIRMED_FIGURES": '{"notice_days": "财政部令第87号 第16条"}'})

    assert not LendingSettings().sandbox


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LENDING_ISSUER", "https://huishe.example"),
        ("LENDING_ISSUER", "http://127.0.0.1:8080"),
        ("LENDING_PROBLEM_BASE", "http://localhost/problems/"),
        ("LENDING_CLIENT_SECRET", "only-20-characters-x"),
        ("LENDING_SECRET_KEY", "a" * 64),
        ("LENDING_JOURNAL_KEY_DIRECTORY", "build/journal-keys"),
    ],
)
def test_what_is_fit_for_a_sandbox_only_is_refused_in_production(given, variable, value):
    given(PRODUCTION | {variable: value})
    with pytest.raises(SettingsRefused, match=f"{variable}: "):
        LendingSettings()

    given({"LENDING_SANDBOX": "true"})
    assert LendingSettings().sandbox


@pytest.mark.parametrize(
    ("url", "example"),
    [
        ("https://huishe.example", True),
        ("http://127.1.2.3:80", True),
        ("http://[::1]:80", True),
        ("http://localhost", True),
        ("https://huishe.gov.cn", False),
        ("https://example.gov.cn", False),
    ],
)
def test_reserved_names_and_loopback_are_example_addresses(url, example):
    assert example_address(url) is example


def test_a_secret_of_few_different_characters_was_not_drawn_at_random():
    assert weak_secret(SecretStr("ababababababababababababababababab"))
    assert not weak_secret(SecretStr(GIVEN["LENDING_SECRET_KEY"]))
