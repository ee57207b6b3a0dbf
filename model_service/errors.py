"""What callers are told when there is no answer: one tree, mapped to OpenAI's form of an error in `doors/problems.py`."""


class Refused(Exception):
    """Base of all. `status` is HTTP's; `code` is a fixed word for programs; the message names the remedy."""

    status = 400
    code = "bad_request"

    def __init__(self, message: str, *, param: str | None = None, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.param = param
        self.retry_after_s = retry_after_s


class BadRequest(Refused):
    pass


class NoKey(Refused):
    status = 401
    code = "invalid_api_key"


class UnknownModel(Refused):
    status = 404
    code = "model_not_found"


class TooLong(Refused):
    code = "context_length_exceeded"


class Busy(Refused):
    """More was asked than can wait; `retry_after_s` says when it is worth asking again."""

    status = 429
    code = "busy"


class NoMemory(Refused):
    """A model cannot be brought into memory."""

    status = 503
    code = "no_memory"


class NotServable(Refused):
    """What lies in the folder is no model that can be served here."""

    status = 422
    code = "not_servable"


class DownloadRefused(Refused):
    """The hub does not give what was asked for, and asking again as it stands will not help."""

    status = 422

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class HubSilent(DownloadRefused):
    """The hub was not reached, or broke off: what may pass by itself."""

    status = 502

    def __init__(self, message: str) -> None:
        super().__init__(message, "hub_silent")
