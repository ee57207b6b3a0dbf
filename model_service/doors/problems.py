"""Errors, in OpenAI's form: {"error": {"message", "type", "param", "code"}}."""

import json

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from model_service.errors import Refused


def answer_problems(app: FastAPI) -> None:
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)


def problem(message: str, code: str, *, status: int, param: str | None = None) -> JSONResponse:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    answer = problem(str(error), error.code, status=error.status, param=error.param)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


async def _not_understood(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"] if step != "body")
    return problem(
        f"{where}: {first['msg']}" if where else first["msg"], "bad_request", status=400, param=where or None
    )


def problem_event(message: str) -> bytes:
    """For a stream that breaks: the status has gone out, so the error is an event."""
    said = {"error": {"message": message, "type": "server_error", "param": None, "code": "model_failed"}}
    return b"data: " + json.dumps(said).encode() + b"\n\n"
