"""`python -m app`: the service on HOST and PORT."""

import asyncio
import copy
import signal
import sys
from typing import Any

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from uvicorn.config import LOGGING_CONFIG

from app.main import create_app
from app.settings import Settings
from app.tagging.errors import BundleError


def main() -> None:
    """Serve until told to stop; what the operator must mend is one line on stderr."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # uvicorn catches these while it serves, finishes, and then hands them on.
        signal.signal(number, lambda *_: sys.exit(0))
    try:
        settings = Settings()
        app = create_app(settings)
        config = uvicorn.Config(
            app,
            host=settings.host,
            port=settings.port,
            lifespan="off",
            log_config=_logging(),
            access_log=settings.access_log,
            server_header=False,
        )
        with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
            runner.run(_serve(app, config))
    except ValidationError as error:
        sys.exit(f"slotline: {_first_fault(error)}")
    except BundleError as error:
        sys.exit(f"slotline: {' '.join(str(error).split())}")


async def _serve(app: FastAPI, config: uvicorn.Config) -> None:
    # Run here and not by uvicorn, which would tell of a broken bundle with a traceback.
    async with app.router.lifespan_context(app):
        await uvicorn.Server(config).serve()


def _logging() -> dict[str, Any]:
    """How uvicorn logs, for our own modules too."""
    config: dict[str, Any] = copy.deepcopy(LOGGING_CONFIG)
    config["loggers"]["app"] = {"handlers": ["default"], "level": "INFO", "propagate": False}
    return config


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    name = str(fault["loc"][0])
    variable = name if name.isupper() else f"SLOTLINE_{name.upper()}"
    return f"{variable}: {fault['msg'].lower()}"


if __name__ == "__main__":
    main()
