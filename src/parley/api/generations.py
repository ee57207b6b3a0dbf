"""Doors of the engine: ask, edit, regenerate, continue; look at a generation, stop it, follow its events."""

from collections.abc import Callable
from typing import Annotated, ParamSpec
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router, Schema
from pydantic import Field

from parley.api.bodies import Body
from parley.api.events import event_stream
from parley.api.who import member_of
from parley.conversations.actions import LEAF
from parley.conversations.limits import MAX_PARTS
from parley.conversations.parts import Part
from parley.core.errors import Busy, Invalid
from parley.core.traces import traceparent_of
from parley.engine import ledger, start
from parley.engine.access import generation_for
from parley.engine.lease import installed_runner
from parley.engine.models import Generation
from parley.engine.start import Asked
from parley.engine.stop import stop_generation

router = Router(tags=["generations"])
P = ParamSpec("P")
Parts = Annotated[list[Part], Field(max_length=MAX_PARTS)]  # counted before each of 100,000 is looked at


class PostBody(Body):
    key: UUID = Field(description="made by you; the same key never posts twice")
    parent: UUID | None = Field(
        None, description="the answer this follows; null: a new root; left out: the shown branch"
    )
    bot: UUID | None = None
    parts: Parts


class EditBody(Body):
    key: UUID
    bot: UUID | None = None
    parts: Parts


class RegenerateBody(Body):
    key: UUID
    bot: UUID | None = None


class ContinueBody(Body):
    key: UUID


class AskedOut(Schema):
    """What is now stored: the message, the answer that is being written, and the generation that writes it."""

    conversation: UUID
    message: UUID
    answer: UUID
    generation: UUID


class ErrorOut(Schema):
    code: str
    message: str
    retryable: bool


class GenerationOut(Schema):
    id: UUID
    message: UUID
    status: str
    attempt: int
    last_seq: int = Field(description="number of the last event, once ended; 0 before")
    error: ErrorOut | None


@router.post("conversations/{uuid:conversation_id}/messages", response={202: AskedOut})
async def post_message(request: HttpRequest, conversation_id: UUID, body: PostBody) -> tuple[int, AskedOut]:
    """Say something; the answer is written whether you listen or not."""
    return await _ask(
        start.ask,
        member_of(request),
        body.parts,
        key=body.key,
        conversation_id=conversation_id,
        parent_id=body.parent if "parent" in body.model_fields_set else LEAF,
        bot_id=body.bot,
        trace=traceparent_of(),
    )


@router.post("messages/{uuid:message_id}/edit", response={202: AskedOut})
async def edit(request: HttpRequest, message_id: UUID, body: EditBody) -> tuple[int, AskedOut]:
    """Say it differently, beside the first wording."""
    return await _ask(
        start.edit, member_of(request), message_id, body.parts, key=body.key, bot_id=body.bot, trace=traceparent_of()
    )


@router.post("messages/{uuid:message_id}/regenerate", response={202: AskedOut})
async def regenerate(request: HttpRequest, message_id: UUID, body: RegenerateBody) -> tuple[int, AskedOut]:
    """Ask for another answer, beside this one."""
    return await _ask(
        start.regenerate, member_of(request), message_id, key=body.key, bot_id=body.bot, trace=traceparent_of()
    )


@router.post("messages/{uuid:message_id}/continue", response={202: AskedOut})
async def continue_answer(request: HttpRequest, message_id: UUID, body: ContinueBody) -> tuple[int, AskedOut]:
    """Go on with an answer that was cut off: a sibling that starts with its text."""
    return await _ask(start.continue_answer, member_of(request), message_id, key=body.key, trace=traceparent_of())


@router.get("generations/{uuid:generation_id}", response=GenerationOut)
async def get_generation(request: HttpRequest, generation_id: UUID) -> GenerationOut:
    return _out(await ledger.read(generation_for, member_of(request), generation_id))


@router.post("generations/{uuid:generation_id}/stop", response=GenerationOut)
async def stop(request: HttpRequest, generation_id: UUID) -> GenerationOut:
    """Stop writing and keep the text. Stopping what has ended changes nothing."""
    return _out(await ledger.write(stop_generation, member_of(request), generation_id))


@router.get("generations/{uuid:generation_id}/events")
async def events(request: HttpRequest, generation_id: UUID, after: int = 0) -> StreamingHttpResponse:
    """The tape as Server-Sent Events: `id:` is the number, `Last-Event-ID` or `?after=` resumes, ends after the last event."""
    member = member_of(request)
    resumed = request.headers.get("Last-Event-ID", "")
    if resumed and not (resumed.isascii() and resumed.isdecimal()):
        raise Invalid("Last-Event-ID must be the number of the last event you have seen.")
    await ledger.read(generation_for, member, generation_id)
    runner = installed_runner()
    if runner is None:
        raise Busy("Parley is stopping. The reply goes on; ask again in a moment.", retry_after_s=2)
    return event_stream(runner.hub, generation_id, after=int(resumed or max(after, 0)))


async def _ask(function: Callable[P, Asked], *args: P.args, **kwargs: P.kwargs) -> tuple[int, AskedOut]:
    asked = await ledger.write(function, *args, **kwargs)
    return 202, AskedOut(
        conversation=asked.conversation_id,
        message=asked.message_id,
        answer=asked.answer_id,
        generation=asked.generation_id,
    )


def _out(generation: Generation) -> GenerationOut:
    error = ErrorOut(code=generation.error_code, message=generation.error_message, retryable=generation.error_retryable)
    return GenerationOut(
        id=generation.id,
        message=generation.message_id,
        status=generation.status,
        attempt=generation.attempt,
        last_seq=generation.last_seq,
        error=error if generation.error_code else None,
    )
