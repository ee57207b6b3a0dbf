"""POST /v1/chat/completions, streamed and whole."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from model_service.answering import Answer, Hold
from model_service.doors.asked import ChatRequest, ask_of
from model_service.doors.problems import failed, failed_event
from model_service.shelf.shelf import Shelf
from model_service.values import Finish, Piece, Usage

router = APIRouter(tags=["OpenAI"])

_GONE = 499  # nginx's number for a caller who left; nobody reads it
_Json = dict[str, Any]  # as OpenAI's documents say


@router.post("/v1/chat/completions", response_model=None)
async def chat_completions(asked: ChatRequest, request: Request) -> Response:
    """Answer a conversation."""
    shelf: Shelf = request.app.state.shelf
    if asked.stream:
        return await _streamed(asked, shelf)
    return await unless_gone(request, _whole(asked, shelf))


async def unless_gone(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """The work's answer; the work is cancelled when the caller leaves before it is there."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else Response(status_code=_GONE)
    finally:
        working.cancel()
        leaving.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def _whole(asked: ChatRequest, shelf: Shelf) -> Response:
    text = []
    async with Hold(shelf, asked.model) as hold:
        ask = await asyncio.to_thread(ask_of, asked, hold)
        async for piece in Answer(hold.ready, ask).pieces():
            text.append(piece.text)
    if piece.error:
        return failed(piece)
    choice = {
        "index": 0,
        "message": {"role": "assistant", "content": "".join(text)},
        "finish_reason": piece.finish,
        "logprobs": None,
    }
    body = _head(asked, "chat.completion") | {"choices": [choice], "usage": usage_of(piece.usage)}
    return Response(orjson.dumps(body), media_type="application/json")


async def _streamed(asked: ChatRequest, shelf: Shelf) -> Response:
    """What is refused is refused before the status goes out."""
    async with AsyncExitStack() as stack:
        hold = await stack.enter_async_context(Hold(shelf, asked.model))
        answer = Answer(hold.ready, await asyncio.to_thread(ask_of, asked, hold))
        held = stack.pop_all()
    return StreamingResponse(
        _events(asked, answer, held), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def _events(asked: ChatRequest, answer: Answer, held: AsyncExitStack) -> AsyncIterator[bytes]:
    head = _head(asked, "chat.completion.chunk")
    async with held:
        yield _event(head, {"role": "assistant", "content": ""}, None)
        async for piece in answer.pieces():
            if piece.error:
                yield failed_event(piece)
                return
            for event in _of(head, piece):
                yield event
        if asked.stream_options.include_usage:
            yield _data(head | {"choices": [], "usage": usage_of(piece.usage)})
        yield b"data: [DONE]\n\n"


def _of(head: _Json, piece: Piece) -> list[bytes]:
    events = [_event(head, {"content": piece.text}, None)] if piece.text else []
    return [*events, _event(head, {}, piece.finish)] if piece.finish else events


def _head(asked: ChatRequest, kind: str) -> _Json:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": asked.model}


def _event(head: _Json, delta: _Json, finish: Finish | None) -> bytes:
    return _data(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]})


def _data(document: _Json) -> bytes:
    return b"data: " + orjson.dumps(document) + b"\n\n"


def usage_of(usage: Usage) -> _Json:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
        "prompt_tokens_details": {"cached_tokens": usage.cached},
    }
