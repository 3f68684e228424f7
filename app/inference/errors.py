"""Errors of the service itself: why a valid request gets no answer."""

from app.tagging.errors import SlotFillingError


class NotReadyError(SlotFillingError):
    """The service is starting and its bundles are not loaded yet."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("the service is loading its models: try again in a second")


class StoppingError(SlotFillingError):
    """The service is shutting down; send the request to another instance."""

    code = "shutting_down"

    def __init__(self) -> None:
        super().__init__("the service is shutting down: send the request to another instance")


class OverloadedError(SlotFillingError):
    """The queue is full; see `Retry-After`."""

    code = "overloaded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self) -> None:
        super().__init__("the queue is full: try again later")


class DeadlineExceededError(SlotFillingError):
    """The response was not ready within `SLOTLINE_REQUEST_TIMEOUT`."""

    code = "deadline_exceeded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the response was not ready within {seconds:g} seconds: try again later")


class ClientDisconnectedError(SlotFillingError):
    """The client closed its connection; the code reaches the log and the metrics only."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("the client has disconnected")
