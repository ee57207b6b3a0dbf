"""Log lines: a form for people and one for machines, and the one place that keeps out what nobody may read there.

Rooms log as Python does: `logging.getLogger(__name__)`, ids in the message, never what people said. What they cannot know,
which request, person or answer a line belongs to, is bound here and stands on every line. The last line of defence is
here, too: whatever looks like a key, a token or a password is hidden, and an exception shows its words only if its kind
quotes nobody (a pydantic error repeats its input, PostgreSQL repeats the failing row).
"""

import logging
import os
import re
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any, Final, Literal

import orjson

Form = Literal["line", "json"]
Fields = Mapping[str, object]

WITHHELD: Final = "(its words are withheld: they may quote somebody)"
# Kinds whose words name machines, files and code, and never a person's words.
_SPEAK_OF_MACHINES: Final = {
    "builtins.OSError",
    "builtins.ImportError",
    "builtins.NameError",
    "builtins.AttributeError",
    "builtins.TypeError",
    "builtins.RuntimeError",
    "django.core.exceptions.ImproperlyConfigured",
    "django.db.utils.OperationalError",
    "django.db.utils.InterfaceError",
    "psycopg.OperationalError",
    "psycopg_pool.PoolTimeout",
    "redis.exceptions.ConnectionError",
    "redis.exceptions.TimeoutError",
    "kombu.exceptions.OperationalError",
}
_HIDDEN: Final = (
    (re.compile(r"(/sign-in/)[\w-]{8,}"), r"\1[token]"),
    (re.compile(r"\b(?:(?:sk|pk|gsk|hf|xai|tgp|whsec)[-_]|AIza|AKIA)[-_*A-Za-z0-9.]{8,}"), "[key]"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[-\w.~+/=]{8,}"), r"\1 [key]"),
    (re.compile(r"(?i)((?:session(?:id)?|csrftoken)=)[^;,\s\"'\\]+"), r"\1[cookie]"),
    (re.compile(r"(://[^/\s:@]*:)[^/\s@]+@"), r"\1[password]@"),
)
_NAMES_A_SECRET: Final = re.compile(r"(KEY|TOKEN|SECRET|PASSWORD)$")
LEAST_SECRET_LETTERS: Final = 8
MOST_FRAMES: Final = 40
SERVERS: Final = ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi", "gunicorn.error", "gunicorn.access")

_nothing: Final[Mapping[str, object]] = MappingProxyType({})
_bound: ContextVar[dict[str, object]] = ContextVar("bound")
_secrets: set[str] = set()


# --- What a line belongs to -------------------------------------------------------------------------------------------


@contextmanager
def binding(**fields: object) -> Iterator[None]:
    """Every line within carries `fields`, beside those bound further out."""
    before = _bound.set({**_bound.get(_nothing), **fields})
    try:
        yield
    finally:
        _bound.reset(before)


def bind(**fields: object) -> None:
    """Add to what the innermost `binding` around this code says; without one, nothing. Seen by all who share it: a request
    that is let in in a thread is known on its loop, too."""
    bound = _bound.get(None)
    if bound is not None:
        bound.update(fields)


# --- What must not be read --------------------------------------------------------------------------------------------


def hide(*secrets: str) -> None:
    """Never show these again, wherever they come up."""
    _secrets.update(secret for secret in secrets if len(secret) >= LEAST_SECRET_LETTERS)


def redacted(text: str) -> str:
    """`text` without known secrets and without whatever has the form of one."""
    for secret in _secrets:
        if secret in text:
            text = text.replace(secret, "[secret]")
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def described(error: BaseException) -> str:
    """The kind of an exception, and its words if they quote nobody. Ours have a code, which is enough."""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    code = getattr(kind, "code", None)
    if isinstance(code, str):
        return f"{name} ({code})"
    is_plain = any(f"{base.__module__}.{base.__qualname__}" in _SPEAK_OF_MACHINES for base in kind.__mro__)
    said = str(error).strip()
    return f"{name}: {said}" if is_plain and said else name if is_plain else f"{name} {WITHHELD}"


def _told(error: BaseException, seen: frozenset[int] = frozenset()) -> Iterator[str]:
    """Where it was raised, and what led to it, the oldest first, as Python tells it."""
    seen |= {id(error)}
    origin = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if origin is not None and id(origin) not in seen:
        yield from _told(origin, seen)
        yield "-- which led to:"
    for frame in traceback.extract_tb(error.__traceback__)[-MOST_FRAMES:]:
        yield f'  File "{frame.filename}", line {frame.lineno}, in {frame.name}'
    yield described(error)
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions:
            yield from (f"  | {line}" for line in _told(one, seen))


# --- Forms ------------------------------------------------------------------------------------------------------------


def _message(record: logging.LogRecord) -> str:
    """The message, in which exceptions are described and never quoted."""
    args: Any = record.args  # a tuple, or the one mapping that a caller gave
    if record.name == "celery.app.trace" and isinstance(args, Mapping):
        args = {**args, **dict.fromkeys(("exc", "traceback", "args", "kwargs", "return_value"), "see below")}
    elif isinstance(args, tuple):
        args = tuple(described(arg) if isinstance(arg, BaseException) else arg for arg in args)
    said = str(record.msg) % args if args else str(record.msg)
    # The loop's complaints go on with the repr of a task, and so of what its coroutine raised.
    return said.partition("\n")[0] if record.name == "asyncio" else said


class _Form(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        fields = {**_bound.get(_nothing), **getattr(record, "fields", _nothing)}
        error = record.exc_info[1] if record.exc_info else None
        return redacted(self.written(record, fields, "\n".join(_told(error)) if error else ""))

    def written(self, record: logging.LogRecord, fields: Fields, trouble: str) -> str:
        raise NotImplementedError


class OnlyBugs(logging.Filter):
    """Django logs each answer from 500 on, a 503 too, that asks to come again. What has no exception is no mistake of ours,
    and has its line in the access log."""

    def filter(self, record: logging.LogRecord) -> bool:
        return bool(record.exc_info)


class LineForm(_Form):
    """For a terminal: `time LEVEL logger: message name=value …`, and tracebacks below."""

    def written(self, record: logging.LogRecord, fields: Fields, trouble: str) -> str:
        said = _message(record).replace("\n", "\\n").replace("\r", "\\r")  # so that nobody forges a second line
        told = "".join(f" {name}={_shown(value)}" for name, value in fields.items())
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        line = f"{at},{int(record.msecs):03d} {record.levelname} {record.name}: {said}{told}"
        return f"{line}\n{trouble}" if trouble else line


class JsonForm(_Form):
    """For machines: one JSON object a line."""

    def written(self, record: logging.LogRecord, fields: Fields, trouble: str) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        line = {
            "time": f"{at}.{int(record.msecs):03d}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
            **fields,
        }
        if trouble:
            line["exception"] = trouble
        return orjson.dumps(line, default=str).decode()


def _shown(value: object) -> str:
    text = str(value)
    return text if re.fullmatch(r"[^\s=\"]+", text) else orjson.dumps(text).decode()


def log_config(*, level: str, form: Form, part: str = "all", secrets: Iterable[str] = ()) -> dict[str, Any]:
    """Django's LOGGING. `secrets`, and the values of variables that are named as secrets, are never shown."""
    hide(*secrets, *(value for name, value in os.environ.items() if _NAMES_A_SECRET.search(name)))
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"only_bugs": {"()": OnlyBugs}},
        "formatters": {"line": {"()": LineForm}, "json": {"()": JsonForm}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": form},
            "nowhere": {"class": "logging.NullHandler"},
        },
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "parley": {"level": level.upper()},
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.request": {"level": "ERROR", "filters": ["only_bugs"]},
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},  # scanners: one a second
            "django.server": {"handlers": [], "propagate": True},
            # What a part of a fleet says when it has started. Tasks are counted, not told: `core.jobs`.
            "celery.apps.worker": {"level": "INFO"},
            "celery.beat": {"level": "INFO" if part == "beat" else "WARNING"},
            "kombu.connection": {"level": "ERROR"},  # it warns that a broker in memory has no host name
        },
    }


def take_over_servers() -> None:
    """Servers bring handlers of their own, which would print what ours keeps out: from here on they speak through ours."""
    for name in SERVERS:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
