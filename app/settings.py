"""What an operator can set, and what holds where nothing is set."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.tagging.tagger import Provider


class Settings(BaseSettings):
    """Read from SLOTLINE_*, HOST and PORT when the service starts, and never again."""

    model_config = SettingsConfigDict(
        env_prefix="SLOTLINE_", env_ignore_empty=True, populate_by_name=True, frozen=True
    )

    bundles: Path = Field(
        default=Path("models"),
        description="Folder that holds the bundles, one in each subfolder; or one bundle's own.",
    )
    default_model: str | None = Field(
        default=None,
        description="Model that answers requests that name none. "
        "Unset: `booking` where it is among the bundles, else the first by name.",
    )
    provider: Provider = Field(
        default="cpu",
        description="Where the networks run: `cpu`, `cuda`, or `auto` for CUDA where it works.",
    )
    threads: int = Field(
        default=1, gt=0, description="Threads that a network may use for one request."
    )
    max_words: int = Field(default=200, gt=0, description="Longest text, in words.")
    max_texts: int = Field(default=256, gt=0, description="Most texts in a batch.")
    max_body: int = Field(default=1_048_576, gt=0, description="Largest request body, in bytes.")
    access_log: bool = Field(default=False, description="Whether to log a line for each request.")
    # Without the prefix, as platforms that run containers set them.
    host: str = Field(
        default="127.0.0.1",
        validation_alias="HOST",
        description="Address to listen on; `0.0.0.0` for every network.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, validation_alias="PORT", description="Port to listen on."
    )
