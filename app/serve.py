"""The service as one process or several: `slotline serve`."""

import asyncio
import gc
import logging.config
import os
import socket
import sys
import threading
from collections.abc import Sequence
from contextlib import ExitStack

from pydantic import ValidationError

from app.address import AddressError, bind
from app.observability.logs import log_config
from app.observability.shared_gauges import FOLDER
from app.security.api_keys import KeysFileError
from app.server.fair_share import ConnectionTable, FairShare
from app.server.open_files import raise_limit_of_open_files
from app.server.supervisor import ControlPipe, Supervisor, WorkerError
from app.settings import Settings, first_fault, strange_variables
from app.tagging.errors import BundleError

# After so many more the garbage collector looks at them.
_NEW_OBJECTS = 10_000
# Seconds that a thread has to end by itself when all else has.
_FAREWELL = 0.2

logger = logging.getLogger("app")


class StartError(Exception):
    """The service cannot start with these settings; the message says what to do."""


def serve(worker: Sequence[str] | None = None) -> None:
    """
    Serve until a signal stops the process, with the settings in the environment.

    worker: of a worker process, the file descriptors of its listeners with commas between them,
    the descriptors of the pipe to its supervisor and of the memory in which workers note their
    connections, and its number. What the operator must mend is one line on stderr, and the exit
    status is 1.
    """
    raise_limit_of_open_files()
    control_pipe = settings = None
    try:
        settings = Settings()
        if worker:
            descriptors, pipe, memory, number = worker
            listeners = [
                socket.socket(fileno=int(descriptor)) for descriptor in descriptors.split(",")
            ]
            control_pipe = ControlPipe(int(pipe))
            table = ConnectionTable(int(memory), settings.workers)
            os.close(int(memory))  # which is mapped now
            _serve(settings, listeners, control_pipe, FairShare(table, int(number)))
        elif settings.workers > 1:
            logging.config.dictConfig(log_config(settings))
            _tell_of_strange_variables()
            asyncio.run(Supervisor(settings).run())
        else:
            os.environ.pop(FOLDER, None)  # of another's: one process counts for itself
            _serve(settings)
    except ValidationError as error:
        line = first_fault(error)
    except (AddressError, BundleError, KeysFileError, StartError, WorkerError) as error:
        line = " ".join(str(error).split())
    else:
        return
    if control_pipe:
        control_pipe.send(line.encode(errors="backslashreplace"))
        sys.exit(1)
    settings = settings or _settings_of_logs()
    if settings.log_format == "json":
        logging.config.dictConfig(log_config(settings))
        logger.critical(line)
        sys.exit(1)
    sys.exit(f"slotline: {line}")


def _serve(
    settings: Settings,
    shared: list[socket.socket] | None = None,
    control_pipe: ControlPipe | None = None,
    share: FairShare | None = None,
) -> None:
    # Not before: the supervisor of workers needs neither numpy nor onnxruntime.
    from app.main import create_app
    from app.observability.tracing import TracingError
    from app.server.lifecycle import Server

    try:
        app = create_app(settings, share.worker if share else None)
    except TracingError as error:
        raise StartError(str(error)) from error
    server = Server(app, settings, control_pipe, share)
    if control_pipe is None:  # which has told it
        _tell_of_strange_variables()

    async def serve() -> None:
        # Opened here and not by uvicorn, which would tell of a broken bundle with a traceback.
        async with app.router.lifespan_context(app):
            _freeze_gc()
            with ExitStack() as stack:
                sockets = shared or bind(settings.host, settings.port)
                await server.serve([stack.enter_context(listener) for listener in sockets])

    with asyncio.Runner(loop_factory=server.config.get_loop_factory()) as runner:
        runner.run(serve())
    _exit_despite_threads()


def _exit_despite_threads() -> None:
    """
    End, though a thread tags or opens what nobody waits for any more.

    None can be stopped, and Python waits for each; what it holds is read, or the caller has gone.
    """
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(_FAREWELL)
            if thread.is_alive():
                logging.shutdown()
                os._exit(0)


def _tell_of_strange_variables() -> None:
    for name, meant in strange_variables(os.environ).items():
        hint = f"did you mean {meant}?" if meant else "docs/reference/settings.md lists all"
        logger.warning("%s is not a setting and is ignored: %s", name, hint)


def _freeze_gc() -> None:
    """
    Have it look for what requests leave behind only.

    What is there when the service starts stays, and to look at all of it holds everybody up for
    tens of milliseconds; and a hundred requests under way, a hundred objects each, are no garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS)


def _settings_of_logs() -> Settings:
    """How to log where the settings are not valid: as is asked for, if that much can be read."""
    asked = {name.upper(): value.strip().lower() for name, value in os.environ.items()}
    as_json = asked.get("SLOTLINE_LOG_FORMAT") == "json"
    return Settings.model_construct(log_format="json" if as_json else "text")
