"""Settings come from the environment and each is documented."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.settings import Settings, strange_variables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


def variable(name: str) -> str:
    return str(Settings.model_fields[name].validation_alias or f"SLOTLINE_{name.upper()}")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_documented_with_its_default(name: str) -> None:
    row = re.search(
        rf"^\| `{variable(name)}` \|(.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert row, f"docs/reference/settings.md lacks {variable(name)}: run python -m docs.generate"
    default = Settings.model_fields[name].default
    shown = {None: "unset", False: "false"}.get(default, str(default))
    assert shown in row.group(1)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_described(name: str) -> None:
    assert Settings.model_fields[name].description


@pytest.mark.parametrize(
    ("variable", "value", "name", "setting"),
    [
        ("SLOTLINE_MODEL_DIR", "/srv/bundles", "model_dir", Path("/srv/bundles")),
        ("SLOTLINE_DEFAULT_MODEL", "mine", "default_model", "mine"),
        ("SLOTLINE_DEFAULT_MODEL", "", "default_model", None),
        ("SLOTLINE_DEVICE", "auto", "device", "auto"),
        ("SLOTLINE_MAX_WORDS", "7", "max_words", 7),
        ("SLOTLINE_API_KEYS_FILE", "/srv/keys", "api_keys_file", Path("/srv/keys")),
        ("SLOTLINE_RATE_LIMIT", "100/second", "rate_limit", "100/second"),
        ("SLOTLINE_CORS_ORIGINS", "*", "cors_origins", ("*",)),
        (
            "SLOTLINE_CORS_ORIGINS",
            "https://Trips.example",
            "cors_origins",
            ("https://trips.example",),
        ),
        (
            "SLOTLINE_CORS_ORIGINS",
            "https://a.example, http://b.example:8080",
            "cors_origins",
            ("https://a.example", "http://b.example:8080"),
        ),
        ("SLOTLINE_TRUSTED_KEYS", "/srv/trusted", "trusted_keys", Path("/srv/trusted")),
        ("SLOTLINE_ACCESS_LOG", "true", "access_log", True),
        ("SLOTLINE_REQUEST_TIMEOUT", "0.5", "request_timeout", 0.5),
        ("SLOTLINE_SKIP_INVALID_MODELS", "true", "skip_invalid_models", True),
        ("SLOTLINE_METRICS_ACCESS", "off", "metrics_access", "off"),
        ("SLOTLINE_LOG_FORMAT", "json", "log_format", "json"),
        ("SLOTLINE_LOG_BODIES", "true", "log_bodies", True),
        ("HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("PORT", "9000", "port", 9000),
    ],
)
def test_a_setting_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, name: str, setting: object
) -> None:
    monkeypatch.setenv(variable, value)
    assert getattr(Settings(), name) == setting


def test_an_address_that_kubernetes_makes_of_a_service_is_no_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLOTLINE_PORT", "tcp://10.0.0.1:8000")
    assert Settings().port == 8000


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SLOTLINE_DEVICE", "gpu"),
        ("SLOTLINE_THREADS", "0"),
        ("SLOTLINE_MAX_WORDS", "many"),
        ("SLOTLINE_MAX_BATCH_SIZE", "-1"),
        ("SLOTLINE_MAX_BODY_BYTES", "1.5"),
        ("SLOTLINE_MAX_QUEUE_SIZE", "0"),
        ("SLOTLINE_WORKERS", "0"),
        ("SLOTLINE_REQUEST_TIMEOUT", "0"),
        ("SLOTLINE_SHUTDOWN_TIMEOUT", "-1"),
        ("SLOTLINE_MAX_MODEL_FILE_BYTES", "0"),
        ("SLOTLINE_RATE_LIMIT", "100"),
        ("SLOTLINE_RATE_LIMIT", "0/second"),
        ("SLOTLINE_RATE_LIMIT", "100 per fortnight"),
        ("SLOTLINE_CORS_ORIGINS", "trips.example"),
        ("SLOTLINE_CORS_ORIGINS", "https://trips.example/"),
        ("SLOTLINE_CORS_ORIGINS", "https://a.example,"),
        ("SLOTLINE_METRICS_ACCESS", "closed"),
        ("SLOTLINE_METRICS_ACCESS", "api_key"),
        ("SLOTLINE_LOG_FORMAT", "xml"),
        ("PORT", "65536"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ValidationError):
        Settings()


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().max_words = 5


def test_a_variable_that_is_no_setting_is_strange() -> None:
    misspelt = {
        "SLOTLINE_API_KEY_FILE": "SLOTLINE_API_KEYS_FILE",
        "SLOTLINE_MODELDIR": "SLOTLINE_MODEL_DIR",
        "SLOTLINE_ZEBRA": "",
        "slotline_max_word": "SLOTLINE_MAX_WORDS",
    }
    assert strange_variables(["HOME", *misspelt, *map(variable, Settings.model_fields)]) == misspelt


def test_an_address_to_listen_on_by_another_name_is_strange() -> None:
    assert strange_variables(["HOST", "PORT", "SLOTLINE_HOST"]) == {"SLOTLINE_HOST": ""}


@pytest.mark.parametrize(
    "name",
    [
        "SLOTLINE_DATA",
        "SLOTLINE_KEY",
        "SLOTLINE_PORT",
        "SLOTLINE_PORT_8000_TCP_ADDR",
        "SLOTLINE_SERVICE_HOST",
    ],
)
def test_a_variable_that_others_set_is_not_strange(name: str) -> None:
    assert not strange_variables([name])
