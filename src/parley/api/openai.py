"""The OpenAI-compatible API at `/v1`: bots are its models, beside those that embed.

Plain views, since its errors have OpenAI's form, not ours.
"""

import asyncio
import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import uuid4

import orjson
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ValidationError

from parley.accounts.access import Member, member_for_key
from parley.api.openai_answer import Envelope, Json, chunks, error_body, whole
from parley.api.openai_embeddings import EmbeddingBody, embeddings_body
from parley.api.openai_responses import Answer, response_events, whole_response
from parley.api.openai_responses_schema import ResponsesBody
from parley.api.openai_schema import ChatBody
from parley.bots.names import find_bot_named, list_bot_names
from parley.core.errors import Busy, Invalid, NotFound, NotSignedIn, ParleyError
from parley.core.log import bind
from parley.core.strict_json import parse_json
from parley.engine import ledger
from parley.engine.assemble import Scene
from parley.engine.completion import complete, prepare
from parley.engine.embedding import embedding_model, vectors_of
from parley.providers.queries import list_embedding_cards

logger = logging.getLogger(__name__)

SHORT_BYTES: Final = 64 * 1024

Body = TypeVar("Body", bound=BaseModel)
View = Callable[..., Awaitable[HttpResponseBase]]
Door = Callable[..., Coroutine[Any, Any, HttpResponseBase]]


def door(method: str | None) -> Callable[[View], Door]:
    """A view for the holder of a key; what it raises is answered in OpenAI's form. None lets every method in."""

    def wrap(view: View) -> Door:
        @csrf_exempt  # no cookie opens this door
        @functools.wraps(view)
        async def answer(request: HttpRequest, **path: str) -> HttpResponseBase:
            if method and request.method != method:
                return JsonResponse(error_body(Invalid(f"Use {method} here.")), status=405, headers={"Allow": method})
            try:
                return await view(request, await _member_of(request), **path)
            except ParleyError as error:
                return _refusal(error)
            except ledger.DatabaseAway:
                return _refusal(Busy("Parley's database does not answer. Try again in a moment.", retry_after_s=2))

        return answer

    return wrap


@door("GET")
async def models(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The bots this person may talk to, by name, and the models that embed."""
    return JsonResponse({"object": "list", "data": await ledger.read(_listed, member)})


@door("GET")
async def model(request: HttpRequest, member: Member, name: str) -> HttpResponseBase:
    """One of them; names may hold slashes."""
    for listed in await ledger.read(_listed, member):
        if listed["id"] == name:
            return JsonResponse(listed)
    raise NotFound(f"There is no model {name!r}, or it is not yours to use. GET /v1/models lists them.")


@door("POST")
async def chat_completions(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Answer the last message, in one piece or as a stream."""
    body = await _read(request, ChatBody)
    scene = await ledger.read(_scene, member, body)
    envelope = Envelope(f"chatcmpl-{uuid4().hex}", body.model)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return _stream(chunks(envelope, complete(member, scene), with_usage=with_usage))
    async with aclosing(complete(member, scene)) as events:
        return JsonResponse(await whole(envelope, events))


@door("POST")
async def responses(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The same question in OpenAI's newer form. Nothing of it is kept."""
    body = await _read(request, ResponsesBody)
    scene = await ledger.read(_scene, member, body)
    answer = Answer(body.repeated())
    if body.stream:
        return _stream(response_events(answer, complete(member, scene)))
    async with aclosing(complete(member, scene)) as events:
        return JsonResponse(await whole_response(answer, events))


@door("POST")
async def embeddings(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Texts as vectors."""
    body = await _read(request, EmbeddingBody)
    model = await ledger.read(embedding_model, member, body.model)
    embedded = await vectors_of(member, model, body.request(model.name))
    answer = orjson.dumps(embeddings_body(body, embedded))
    return HttpResponse(answer, content_type="application/json")


@door(None)
async def unknown(request: HttpRequest, member: Member, path: str) -> HttpResponseBase:
    """What OpenAI has and Parley has not."""
    raise NotFound(
        f"Parley has no /v1/{path}. It has /v1/models, /v1/chat/completions, /v1/responses and /v1/embeddings."
    )


def _listed(member: Member) -> list[Json]:
    """Bots first. Of two models for embeddings with one name, the first is listed: it is the one that answers."""
    bots = [_model(bot.name, bot.created_at) for bot in list_bot_names(member)]
    cards = {card.name: card for card in reversed(list_embedding_cards(member))}
    return bots + [_model(card.name, card.created_at) | {"embeddings": True} for card in reversed(cards.values())]


def _model(name: str, created_at: datetime) -> Json:
    return {"id": name, "object": "model", "created": int(created_at.timestamp()), "owned_by": "parley"}


def _stream(frames: AsyncIterator[bytes]) -> StreamingHttpResponse:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(frames, content_type="text/event-stream", headers=headers)


def _scene(member: Member, body: ChatBody | ResponsesBody) -> Scene:
    persona = find_bot_named(member, body.model)
    if persona is None:
        raise NotFound(f"There is no bot {body.model!r}, or it is not yours to use. GET /v1/models lists the bots.")
    return prepare(member, persona, body.question())


async def _read(request: HttpRequest, form: type[Body]) -> Body:
    """The body; a long one is understood beside the loop."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if length.isdigit() and int(length) <= SHORT_BYTES:
        return _body(request, form)
    return await asyncio.to_thread(_body, request, form)


def _body(request: HttpRequest, form: type[Body]) -> Body:
    try:
        return form.model_validate(parse_json(request.read()))  # `request.body` knows the limit of other doors only
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None


async def _member_of(request: HttpRequest) -> Member:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise NotSignedIn("Send an API key of Parley's as 'Authorization: Bearer KEY'.")
    member: Member = await sync_to_async(member_for_key)(token.strip())
    bind(user=member.user_id, workspace=member.workspace_id)
    return member


def _refusal(error: ParleyError) -> HttpResponse:
    response = JsonResponse(error_body(error), status=400 if isinstance(error, Invalid) else error.status)
    if error.retry_after_s:
        response["Retry-After"] = str(int(error.retry_after_s) + 1)
    return response


urlpatterns = [
    path("models", models),
    path("models/<path:name>", model),
    path("chat/completions", chat_completions),
    path("responses", responses),
    path("embeddings", embeddings),
    path("<path:path>", unknown),
]
