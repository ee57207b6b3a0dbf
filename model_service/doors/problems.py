"""Errors, in OpenAI's form: {"error": {"message", "type", "param", "code"}}."""

import json

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse

from model_service.errors import NoMemory, Refused
from model_service.memory import ran_out
from model_service.values import Piece


def answer_problems(app: FastAPI) -> None:
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    for kind in (MemoryError, RuntimeError):
        app.add_exception_handler(kind, _out_of_memory)


def problem(message: str, code: str, *, status: int, param: str | None = None) -> JSONResponse:
    kind = "server_error" if status >= 500 else "invalid_request_error"
    return JSONResponse({"error": {"message": message, "type": kind, "param": param, "code": code}}, status)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    answer = problem(str(error), error.code, status=error.status, param=error.param)
    if error.retry_after_s is not None:
        answer.headers["Retry-After"] = str(error.retry_after_s)
    return answer


async def _out_of_memory(request: Request, error: Exception) -> JSONResponse:
    if not ran_out(error):
        raise error
    return await _refused(
        request, NoMemory("There is not enough memory for this; ask for less, or give the service more")
    )


async def _not_understood(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"] if step != "body")
    return problem(
        f"{where}: {first['msg']}" if where else first["msg"], "bad_request", status=400, param=where or None
    )


def failed(piece: Piece) -> JSONResponse:
    """The answer that ended with this."""
    assert piece.error
    return problem(piece.error, piece.error_code, status=503 if piece.error_code == "no_memory" else 500)


def failed_event(piece: Piece) -> bytes:
    """The same for a stream: the status has gone out, so the error is an event."""
    said = {"error": {"message": piece.error, "type": "server_error", "param": None, "code": piece.error_code}}
    return b"data: " + json.dumps(said).encode() + b"\n\n"
