"""Log lines: what they carry, and what they keep out."""

import asyncio
import logging
from collections.abc import Iterator
from contextvars import copy_context

import orjson
import pytest
from django.db import IntegrityError, OperationalError
from pydantic import TypeAdapter

from parley.core.errors import EndpointRejected
from parley.core.log import (
    JsonForm,
    LineForm,
    OnlyBugs,
    bind,
    binding,
    described,
    hide,
    log_config,
    redacted,
    take_over_servers,
)

CANARY = "canary-7f3a"


class Written(logging.Handler):
    """What a log would hold."""

    def __init__(self, form: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(form)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@pytest.fixture(params=[LineForm, JsonForm])
def written(request: pytest.FixtureRequest) -> Iterator[Written]:
    handler = Written(request.param())
    root = logging.getLogger()
    root.addHandler(handler)
    yield handler
    root.removeHandler(handler)


def log() -> logging.Logger:
    return logging.getLogger("parley.test")


def test_a_line_names_what_it_belongs_to(written: Written) -> None:
    with binding(request="r-1"), binding(generation="g-1"):
        log().warning("slow")
    log().warning("later")

    assert "r-1" in written.lines[0]
    assert "g-1" in written.lines[0]
    assert "r-1" not in written.lines[1]


def test_who_was_let_in_deeper_inside_is_known_outside() -> None:
    handler = Written(JsonForm())
    log().addHandler(handler)
    try:
        with binding(request="r-1"):
            context = copy_context()
            context.run(bind, user="u-1")  # as in the thread of a door
            log().warning("done")
    finally:
        log().removeHandler(handler)

    assert orjson.loads(handler.lines[0])["user"] == "u-1"


def test_to_bind_outside_of_everything_is_no_error() -> None:
    bind(user="u-1")


def test_json_is_one_object_a_line_whatever_was_said() -> None:
    record = logging.LogRecord("parley.test", logging.ERROR, __file__, 1, 'broken "%s"\nline', ("x",), None)
    line = JsonForm().format(record)

    assert "\n" not in line
    assert orjson.loads(line)["message"] == 'broken "x"\nline'
    assert orjson.loads(line)["level"] == "error"


def test_nobody_forges_a_line() -> None:
    record = logging.LogRecord("parley.test", logging.INFO, __file__, 1, "a\n2026 ERROR b: %s", ("x\ny",), None)

    assert "\n" not in LineForm().format(record)


@pytest.mark.parametrize(
    "secret",
    [
        "pk_0rYbD-8oK9wLyq2sYV1PzQm",
        "sk-proj-abcdefghijklmnop",
        "AIzaSyA-1234567890abcdef",
    ],
)
@pytest.mark.parametrize("around", ["%s", "Authorization: Bearer %s", "key=%s;", '{"api_key": "%s"}'])
def test_what_looks_like_a_key_is_hidden(around: str, secret: str) -> None:
    assert secret not in redacted(around % secret)


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("GET /sign-in/Zx81-abcDEF_ghijkl failed", "Zx81-abcDEF_ghijkl"),
        ("Cookie: parley_session=q3c7mabcdef; theme=dark", "q3c7mabcdef"),
        ("__Host-session=q3c7mabcdef", "q3c7mabcdef"),
        ("csrftoken=q3c7mabcdef", "q3c7mabcdef"),
        ("postgresql://parley:hunter22@db:5432/x", "hunter22"),
        ("redis://:hunter22@cache", "hunter22"),
    ],
)
def test_tokens_cookies_and_passwords_are_hidden(text: str, secret: str) -> None:
    assert secret not in redacted(text)
    assert redacted("GET /api/v1/conversations/{id} 200") == "GET /api/v1/conversations/{id} 200"


def test_known_secrets_are_hidden_whatever_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXAMPLE_API_KEY", "no particular form")
    log_config(level="info", form="line", secrets=["signing secret"])
    hide("short")

    assert redacted("a no particular form b signing secret c short") == "a [secret] b [secret] c short"


def test_an_exception_that_quotes_people_shows_where_and_not_what(written: Written) -> None:
    try:
        try:
            TypeAdapter(int).validate_python(CANARY)
        except ValueError as error:
            raise IntegrityError(f"Failing row contains ({CANARY})") from error
    except IntegrityError:
        log().exception("not stored")

    assert CANARY not in written.text
    assert "IntegrityError" in written.text
    assert "ValidationError" in written.text
    assert "in test_an_exception_that_quotes_people_shows_where_and_not_what" in written.text


def test_an_exception_that_speaks_of_machines_keeps_its_words() -> None:
    assert "connection refused" in described(OperationalError("connection refused"))
    assert "no such file" in described(FileNotFoundError("no such file"))
    assert described(EndpointRejected(f"It said: {CANARY}")).endswith("(endpoint_rejected)")


def test_an_exception_as_an_argument_is_described_too(written: Written) -> None:
    log().warning("no title: %s", ValueError(CANARY))

    assert CANARY not in written.text
    assert "ValueError" in written.text


def test_groups_of_exceptions_quote_nobody_either(written: Written) -> None:
    try:
        raise ExceptionGroup("two", [ValueError(CANARY), OSError("disk full")])
    except ExceptionGroup:
        log().exception("both")

    assert CANARY not in written.text
    assert "disk full" in written.text


def test_what_the_loop_complains_about_quotes_nobody(written: Written) -> None:
    async def fail() -> None:
        raise ValueError(CANARY)

    async def run() -> None:
        task = asyncio.ensure_future(fail())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        del task

    asyncio.run(run())

    assert CANARY not in written.text
    assert "Task exception was never retrieved" in written.text


def test_a_task_that_failed_quotes_nobody(written: Written) -> None:
    context = {"name": "engine.sweep", "id": "1", "description": "raised", "exc": f"ValueError('{CANARY}')"}
    logging.getLogger("celery.app.trace").error("Task %(name)s[%(id)s] %(description)s: %(exc)s", context)

    assert CANARY not in written.text
    assert "engine.sweep" in written.text


def test_an_answer_of_503_is_no_mistake_and_an_exception_is() -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Service Unavailable", (), None)
    assert not OnlyBugs().filter(record)
    record.exc_info = (ValueError, ValueError(), None)
    assert OnlyBugs().filter(record)


def test_servers_speak_through_our_handlers_only() -> None:
    logging.getLogger("uvicorn.error").addHandler(logging.NullHandler())
    take_over_servers()

    assert logging.getLogger("uvicorn.error").handlers == []
    assert logging.getLogger("uvicorn.error").propagate
