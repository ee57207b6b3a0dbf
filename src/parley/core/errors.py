"""One tree of errors. Each says who must act: fix, wait, retry or give up. Doors map them to problem+json and frames."""

from typing import ClassVar


class ParleyError(Exception):
    """Something a person or a program can act on. `message` names the cause and the remedy, and goes to the screen."""

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    retryable: ClassVar[bool] = False
    default: ClassVar[str] = "Something went wrong. Try again."

    def __init__(self, message: str = "", *, retry_after_s: float | None = None) -> None:
        self.message = message or self.default
        self.retry_after_s = retry_after_s
        super().__init__(self.message)


class Invalid(ParleyError):
    """The caller must fix what it sent."""

    code, status = "invalid", 422
    default = "This request could not be understood."


class Unreadable(Invalid):
    """The body is no JSON, or such JSON that two parsers could read differently."""

    status = 400


class WrongMediaType(Invalid):
    status = 415
    default = "Send the body as JSON, with 'Content-Type: application/json'."


class TooLarge(ParleyError):
    code, status = "too_large", 413
    default = "This is larger than Parley accepts."


class NotSignedIn(ParleyError):
    code, status = "not_signed_in", 401
    default = "Sign in, or send an API key as 'Authorization: Bearer KEY'."


class NotAllowed(ParleyError):
    code, status = "not_allowed", 403
    default = "Your role does not allow this. Ask an owner or admin of the workspace."


class NotFound(ParleyError):
    """No such row, or none that this person may see: the two answer alike."""

    code, status = "not_found", 404
    default = "Not found."


class Conflict(ParleyError):
    code, status = "conflict", 409
    default = "This changed since you opened it. Reload, then try again."


class KeyReused(Conflict):
    code = "key_reused"
    default = "This key was used for another message. Use a new key for new content."


class OverBudget(ParleyError):
    code, status = "over_budget", 429
    default = "Your budget is used up."


class Misshapen(ParleyError):
    """The model did not answer in the shape that its bot asks for, though it was shown its mistakes."""

    code, status, retryable = "misshapen", 502, True
    default = "The model did not answer in the shape that was asked for. Retry, or choose another model."


class TooMany(ParleyError):
    """The caller is too fast; wait `retry_after_s`."""

    code, status, retryable = "too_many", 429, True
    default = "Too many requests. Wait a moment, then try again."


class Busy(ParleyError):
    """We are overloaded; new work waits so that old work does not suffer."""

    code, status, retryable = "busy", 503, True
    default = "Parley is busy. Your message was not accepted; it will be tried again in a moment."


class NoRoom(ParleyError):
    """A disk or a quota is full. Whoever runs this Parley makes room; what was sent may be sent again."""

    code, status, retryable = "no_room", 507, True
    default = "Parley has no room left to store this. Tell who runs it, and try again when there is room."


class EndpointError(ParleyError):
    """A vendor failed us. Subclasses say how."""

    code, status, retryable = "endpoint_failed", 502, True
    default = "The model's vendor failed to answer. Retry."


class EndpointRefused(EndpointError):
    """401 or 403: the key is wrong. Retrying cannot help."""

    code, retryable = "endpoint_refused", False
    default = "The model's vendor refused the key. An owner can mend it under Settings, Models."


class EndpointRejected(EndpointError):
    """400, 404, 413 or 422: the vendor does not take this request or does not know this model."""

    code, retryable = "endpoint_rejected", False
    default = "The model's vendor did not accept this request."


class EndpointOverloaded(EndpointError):
    """429, 503 or 529: it is alive, and asks us to wait."""

    code = "endpoint_overloaded"
    default = "The model's vendor is overloaded. Retry in a moment."


class EndpointAtLimit(EndpointOverloaded):
    """Ours, not the vendor's: an admin's limit on the endpoint is reached."""


class EndpointUnreachable(EndpointError):
    """Nothing answered at the address, or the breaker is open."""

    code = "endpoint_unreachable"
    default = "The model's vendor could not be reached. Check the address and the network, then retry."


class EndpointSilent(EndpointError):
    """It answered, then went silent for longer than the idle timeout, or took longer than the total one."""

    code = "endpoint_silent"
    default = "The model's vendor went silent. What it had said is kept; retry or continue."


class EndpointBroken(EndpointError):
    """It answered something that is not its wire: HTML, garbage, 500, or a stream cut before its end."""

    code = "endpoint_broken"
    default = "The model's vendor sent a broken answer. What had arrived is kept; retry or continue."


class EndpointStumbled(EndpointBroken):
    """500, 502 or 504, or the connection broke, before a word was said: asking again may well help."""
