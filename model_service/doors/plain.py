"""The plain calls: GET / for health, and POST /chat for an answer without ceremony."""

import asyncio

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from model_service.answering import Answer, Hold
from model_service.doors.asked import ChatRequest, Message, ask_of
from model_service.doors.chat import unless_gone
from model_service.doors.problems import failed
from model_service.errors import UnknownModel
from model_service.shelf.shelf import Shelf

health = APIRouter(tags=["health"])
router = APIRouter(tags=["plain"])


class Conversation(BaseModel):
    """What each side has said so far, oldest first, and what is said now. `model`: the first that there is, without one."""

    past_user_inputs: list[str] = []
    generated_responses: list[str] = []
    user_input: str = Field(min_length=1)
    model: str = ""


class Reply(BaseModel):
    reply: str
    model: str


@health.get("/")
@health.get("/healthz/live", include_in_schema=False)
@health.get("/healthz/ready", include_in_schema=False)
async def state(request: Request) -> dict[str, object]:
    """Whether it serves, which models there are in memory, and how many answers run and wait."""
    held = [ready for ready in request.app.state.shelf.held() if ready.loaded.found.kind != "embedding"]
    return {
        "status": "ok",
        "running": sum(ready.batcher.running for ready in held),
        "waiting": sum(ready.batcher.waiting for ready in held),
    }


@router.post("/chat", response_model=Reply)
async def chat(said: Conversation, request: Request) -> Response | Reply:
    """Go on with a conversation by one reply."""
    return await unless_gone(request, _reply(said, request.app.state.shelf))


async def _reply(said: Conversation, shelf: Shelf) -> Response:
    model = said.model or _first(shelf)
    messages = []
    for place, asked in enumerate(said.past_user_inputs):
        messages.append(Message(role="user", content=asked))
        if place < len(said.generated_responses):
            messages.append(Message(role="assistant", content=said.generated_responses[place]))
    messages.append(Message(role="user", content=said.user_input))
    async with Hold(shelf, model) as hold:
        ask = await asyncio.to_thread(ask_of, ChatRequest(model=model, messages=messages), hold)
        text = ""
        async for piece in Answer(hold.ready, ask).pieces():
            text += piece.text
    if piece.error:
        return failed(piece)
    return Response(Reply(reply=text.strip(), model=model).model_dump_json(), media_type="application/json")


def _first(shelf: Shelf) -> str:
    for row in shelf.register.models():
        if row.kind != "embedding":
            return row.name
    raise UnknownModel("There is no model here yet: put one into the folder MODELS_FOLDER, or add one by POST /models")
