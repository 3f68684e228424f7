"""What an operator can set, and what holds where nothing is set."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.address import DEFAULT_HOST, DEFAULT_PORT, read_port
from app.tagging.device import Device

# Of training, of the page's snippets, and of Kubernetes where a Service is called slotline.
_OF_OTHERS = re.compile(r"SLOTLINE_(DATA|KEY|(PORT|SERVICE)(_.*)?)")
_ORIGIN = re.compile(r"https?://[^/?#@\s,]+")
_RATE_LIMIT = re.compile(r"[1-9][0-9]{0,8}/(second|minute|hour|day)")


def _origins(value: object) -> object:
    """Origins as browsers send them: with a path or a capital, none would ever be the same."""
    if not isinstance(value, str):
        return value
    origins = tuple(origin.strip().lower() for origin in value.split(","))
    for origin in origins:
        if origin != "*" and not _ORIGIN.fullmatch(origin):
            raise ValueError(f"{origin!r} is not an origin; an origin is like https://example.org")
    return origins


Origins = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)]


class Settings(BaseSettings):
    """Read from SLOTLINE_*, HOST and PORT when the service starts, and never again."""

    model_config = SettingsConfigDict(env_prefix="SLOTLINE_", env_ignore_empty=True, frozen=True)

    model_dir: Path = Field(
        default=Path("models"),
        description="Folder of the bundles, one in each subfolder, or the folder of one bundle.",
    )
    lists_dir: Path | None = Field(
        default=None,
        description="Folder of lists of values, as `MODEL/SLOT.tsv`, which are read with the "
        "models. Unset: there are none.",
    )
    default_model: str | None = Field(
        default=None,
        description="Model that answers requests that name none. "
        "Unset: `booking` if it is among them, else the first by name.",
    )
    forms_dir: Path | None = Field(
        default=None,
        description="Folder that holds forms, a TOML file each. Unset: the forms that the service "
        "ships with, if their models are there.",
    )
    device: Device = Field(
        default="cpu",
        description="Where the networks run: `cpu`, `cuda`, or `auto` for CUDA if it works.",
    )
    threads: int = Field(
        default=1,
        gt=0,
        description="Threads that a network may use for one request; at most the cores that the "
        "CPU affinity and quota of the process allow.",
    )
    max_words: int = Field(default=200, gt=0, description="Longest text, in words.")
    max_batch_size: int = Field(default=256, gt=0, description="Most texts in a batch.")
    max_probabilities: int = Field(
        default=300_000,
        gt=0,
        description="Most probabilities in the response to a batch with `distributions`. Each word "
        "has one for every slot and one for `O`.",
    )
    max_body_bytes: int = Field(
        default=1_048_576, gt=0, description="Largest request body, in bytes."
    )
    max_model_file_bytes: int = Field(
        default=268_435_456, gt=0, description="Largest file of a bundle, in bytes."
    )
    max_connections: int = Field(
        default=2000, gt=0, description="Most open connections of each worker."
    )
    max_queue_size: int = Field(
        default=64,
        gt=0,
        description="Most sentences that wait in the queue of each worker. The queue for batches "
        "and long texts has as many places: eight texts of a batch take one, and a long text takes "
        "one for each 1,000 characters.",
    )
    request_timeout: float = Field(
        default=5, gt=0, description="Seconds until a request without a response gets 503."
    )
    read_timeout: float = Field(
        default=10,
        gt=0,
        description="Seconds that a client may take to send the headers of a request, and again "
        "its body.",
    )
    keep_alive_timeout: float = Field(
        default=80,
        gt=0,
        description="Seconds that a connection is kept for its next request. Set it above the idle "
        "timeout of the proxy in front.",
    )
    stream_idle_timeout: float = Field(
        default=60, gt=0, description="Seconds until a stream without a message is closed."
    )
    workers: int = Field(default=1, gt=0, description="Worker processes that share the port.")
    shutdown_delay: float = Field(
        default=1,
        gt=0,
        description="Seconds to keep serving after SIGTERM while reporting not ready.",
    )
    shutdown_timeout: float = Field(
        default=8, gt=0, description="Seconds from SIGTERM within which the service stops."
    )
    skip_invalid_models: bool = Field(
        default=False, description="Whether to start without bundles that are invalid."
    )
    api_keys_file: Path | None = Field(
        default=None,
        description="File with the hashes of API keys. Unset: no key is needed.",
    )
    admin_keys_file: Path | None = Field(
        default=None,
        description="File with the hashes of keys for `POST /admin/reload`. Unset: the endpoint "
        "is off.",
    )
    rate_limit: str | None = Field(
        default=None,
        description="Most requests of an API key, or of an address if there are no keys, in each "
        "worker: `100/second`, or per `minute`, `hour` or `day`. Unset: no limit.",
    )
    cors_origins: Origins | None = Field(
        default=None,
        description="Origins whose pages may call from a browser, separated by commas, or `*`. "
        "Unset: none.",
    )
    trusted_keys: Path | None = Field(
        default=None,
        description="Public keys: a file, or a folder of `*.pub`. A bundle must have a signature "
        "of one of them. Unset: signatures are not checked.",
    )
    metrics_access: Literal["public", "api_key", "off"] = Field(
        default="public",
        description="Who may read `GET /metrics`: everyone (`public`), callers with an API key "
        "(`api_key`), or no one (`off`; nothing is counted).",
    )
    access_log: bool = Field(default=False, description="Whether to log a line for each request.")
    log_format: Literal["text", "json"] = Field(
        default="text", description="Format of the log: `text` or `json`."
    )
    log_bodies: bool = Field(
        default=False,
        description="Whether the log may contain user text: the first 4,096 bytes of a body, and "
        "the messages of unexpected errors.",
    )
    # Without the prefix, as platforms that run containers set them; and by no other name, for
    # Kubernetes makes SLOTLINE_PORT an address where a Service is called slotline.
    host: str = Field(
        default=DEFAULT_HOST,
        validation_alias="HOST",
        description="Address to listen on; `0.0.0.0` for every network.",
    )
    port: Annotated[int, BeforeValidator(read_port)] = Field(
        default=DEFAULT_PORT,
        ge=0,
        validation_alias="PORT",
        description="Port to listen on; 0 for any free port.",
    )

    @field_validator("rate_limit")
    @classmethod
    def _limit_has_a_unit(cls, value: str | None) -> str | None:
        if value is not None and not _RATE_LIMIT.fullmatch(value):
            raise ValueError(
                f"{value!r} is not a limit; give a number and a unit, such as 100/second "
                "(or minute, hour, day)"
            )
        return value

    @field_validator("metrics_access")
    @classmethod
    def _keys_are_there(cls, value: str, info: ValidationInfo) -> str:
        if value == "api_key" and not info.data.get("api_keys_file"):
            raise ValueError("`api_key` needs the file of API keys: set SLOTLINE_API_KEYS_FILE")
        return value


def first_fault(error: ValidationError) -> str:
    """What is wrong with the first setting that is not valid, by the variable's name."""
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0])
    variable = name if name.isupper() else f"SLOTLINE_{name.upper()}"
    ours = fault.get("ctx", {}).get("error")  # a sentence of our own
    # pydantic also says why it could not parse the value; the value shows that.
    wanted, _, _ = fault["msg"].lower().partition(", unable to")
    value = fault["input"]
    return f"{variable}: {ours or f'{wanted}, not {value!r}'}"


def strange_variables(names: Iterable[str]) -> Mapping[str, str]:
    """
    Those of an environment's names that look like settings and are none.

    Each with the setting that may be meant, by the likeness of the names, or an empty string.
    """
    known = _variables()
    prefix = str(Settings.model_config["env_prefix"])
    return {
        name: next(iter(get_close_matches(name.upper(), known, n=1, cutoff=0.8)), "")
        for name in sorted(names)
        if name.upper().startswith(prefix)
        and name.upper() not in known
        and not _OF_OTHERS.fullmatch(name.upper())
    }


def _variables() -> list[str]:
    return [
        f"{Settings.model_config['env_prefix']}{name}".upper()
        for name, field in Settings.model_fields.items()
        if field.validation_alias is None  # which would be its only name
    ]
