"""The OpenAI-compatible API at `/v1`: bots are its models. Plain views, since its errors have OpenAI's form, not ours."""

import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import aclosing
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError

from parley.accounts.access import Member, member_for_key
from parley.api.openai_answer import Envelope, chunks, error_body, whole
from parley.api.openai_schema import ChatBody
from parley.bots.names import find_bot_named, list_bot_names
from parley.core.errors import Busy, Invalid, NotFound, NotSignedIn, ParleyError
from parley.core.log import bind
from parley.core.strict_json import parse_json
from parley.engine import ledger
from parley.engine.assemble import Scene
from parley.engine.completion import complete, prepare

logger = logging.getLogger(__name__)

View = Callable[[HttpRequest, Member], Awaitable[HttpResponseBase]]
Door = Callable[[HttpRequest], Coroutine[Any, Any, HttpResponseBase]]


def door(method: str) -> Callable[[View], Door]:
    """A view for the holder of a key; what it raises is answered in OpenAI's form."""

    def wrap(view: View) -> Door:
        @csrf_exempt  # no cookie opens this door
        @functools.wraps(view)
        async def answer(request: HttpRequest) -> HttpResponseBase:
            if request.method != method:
                return JsonResponse(error_body(Invalid(f"Use {method} here.")), status=405, headers={"Allow": method})
            try:
                return await view(request, await _member_of(request))
            except ParleyError as error:
                return _refusal(error)
            except ledger.DatabaseAway:
                return _refusal(Busy("Parley's database does not answer. Try again in a moment.", retry_after_s=2))

        return answer

    return wrap


@door("GET")
async def models(request: HttpRequest, member: Member) -> HttpResponseBase:
    """The bots this person may talk to, by name."""
    bots = await ledger.read(list_bot_names, member)
    listed = [
        {"id": bot.name, "object": "model", "created": int(bot.created_at.timestamp()), "owned_by": "parley"}
        for bot in bots
    ]
    return JsonResponse({"object": "list", "data": listed})


@door("POST")
async def chat_completions(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Answer the last message, in one piece or as a stream."""
    body = _body(request)
    scene = await ledger.read(_scene, member, body)
    envelope = Envelope(f"chatcmpl-{uuid4().hex}", body.model)
    if body.stream:
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return StreamingHttpResponse(
            chunks(envelope, complete(member, scene), with_usage=with_usage),
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
    async with aclosing(complete(member, scene)) as events:
        return JsonResponse(await whole(envelope, events))


def _scene(member: Member, body: ChatBody) -> Scene:
    persona = find_bot_named(member, body.model)
    if persona is None:
        raise NotFound(f"There is no bot {body.model!r}, or it is not yours to use. GET /v1/models lists the bots.")
    return prepare(member, persona, body.question())


def _body(request: HttpRequest) -> ChatBody:
    try:
        return ChatBody.model_validate(parse_json(request.body))
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


urlpatterns = [path("models", models), path("chat/completions", chat_completions)]
