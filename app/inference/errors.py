"""Why a query gets no answer that is no fault of its own."""

from app.tagging.errors import SlotFillingError


class NotReadyError(SlotFillingError):
    """The bundles are not open, or no longer."""

    code = "not_ready"

    def __init__(self) -> None:
        super().__init__("the service is opening its bundles: ask again in a second")


class StoppingError(SlotFillingError):
    """The service was told to stop; it answers what comes meanwhile."""

    code = "shutting_down"

    def __init__(self) -> None:
        super().__init__("the service is about to stop: ask another")


class OverloadedError(SlotFillingError):
    """The queue is full."""

    code = "overloaded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self) -> None:
        super().__init__("more requests are waiting than can be answered soon: ask again later")


class DeadlineExceededError(SlotFillingError):
    """The request waited longer than requests may."""

    code = "deadline_exceeded"
    retry_after = 1  # seconds: headers know no less

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the answer was not there within {seconds:g} seconds: ask again later")


class ClientDisconnectedError(SlotFillingError):
    """The client closed its connection; the code reaches the log and the metrics only."""

    code = "client_gone"

    def __init__(self) -> None:
        super().__init__("the client has disconnected")
