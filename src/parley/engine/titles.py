"""Give a conversation a title from its first exchange, written by the model that answered it."""

import logging
from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now

from parley.bots.personas import persona_of_version
from parley.conversations.actions import keep_excerpt_title, set_title
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import text_of
from parley.conversations.titles import TITLE_PROMPT, clean_title
from parley.core.errors import ParleyError
from parley.engine.loop import run_on_loop
from parley.providers.client import stream
from parley.providers.routed import RoutedModel
from parley.providers.routes import model_for
from parley.providers.values import ChatMessage, ModelRequest, Parameters, Text, TextDelta, Usage
from parley.usage.actions import record_usage

logger = logging.getLogger(__name__)

EXCERPT_CHARACTERS = 1500  # of question and answer each: enough to name a subject
TITLE_TOKENS = 400  # a title takes ten; a model that thinks aloud takes the rest
TIMEOUT_S = 60.0
RING_AGAIN_AFTER = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(hours=1)


def write_title(conversation_id: UUID, user_id: UUID) -> None:
    """Ask for a title and set it; keep the excerpt when the model chatters, fails or is the guide."""
    conversation = Conversation.objects.filter(
        id=conversation_id, owner_id=user_id, title_source=Conversation.TitleSource.EXCERPT
    ).first()
    if conversation is None:
        return  # deleted, or a person or an earlier ring was faster
    answer = (
        Message.objects.filter(
            conversation=conversation, role=Message.Author.ASSISTANT, status=Message.Status.COMPLETED
        )
        .select_related("parent")
        .order_by("id")
        .first()
    )
    model = _model_of(answer)
    if answer is None or model is None:
        keep_excerpt_title(conversation_id)
        return
    title = clean_title(_ask_for_title(conversation, answer, model))
    if title:
        set_title(conversation_id, title)
    else:
        keep_excerpt_title(conversation_id)


def conversations_without_title() -> list[tuple[UUID, UUID]]:
    """Conversations whose ring was lost: answered, recent, and still named by an excerpt."""
    rows = Conversation.objects.filter(
        title_source=Conversation.TitleSource.EXCERPT,
        created_at__lt=Now() - RING_AGAIN_AFTER,
        created_at__gt=Now() - GIVE_UP_AFTER,
        messages__role=Message.Author.ASSISTANT,
        messages__status=Message.Status.COMPLETED,
    )
    return list(rows.distinct().values_list("id", "owner_id")[:100])


def _model_of(answer: Message | None) -> RoutedModel | None:
    """The model that wrote the answer, if it still stands and can write titles: the guide only quotes."""
    if answer is None or answer.bot_version_id is None:
        return None
    try:
        card_id = persona_of_version(answer.bot_version_id).model_card_id
        model = model_for(card_id) if card_id else None
    except ParleyError:
        return None
    return None if model is None or model.is_guide else model.itself()


def _ask_for_title(conversation: Conversation, answer: Message, model: RoutedModel) -> str:
    """The model's own words, whatever they are; empty when it failed."""
    question = text_of(answer.parent.parts) if answer.parent else ""
    exchange = f"{question[:EXCERPT_CHARACTERS]}\n\n---\n\n{text_of(answer.parts)[:EXCERPT_CHARACTERS]}"
    request = ModelRequest(
        model=model.name,
        messages=(ChatMessage("system", (Text(TITLE_PROMPT),)), ChatMessage("user", (Text(exchange),))),
        parameters=Parameters(max_tokens=TITLE_TOKENS),
    )
    try:
        text, usage = run_on_loop(_said(model, request), timeout_s=TIMEOUT_S)
    except (ParleyError, TimeoutError) as error:
        logger.info("no title for conversation %s: %s", conversation.id, error)
        return ""
    if usage:
        record_usage(
            workspace_id=conversation.workspace_id,
            user_id=conversation.owner_id,
            generation_id=None,
            endpoint_id=model.route.endpoint_id,
            model=model.name,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            estimated=False,
            purpose="title",
        )
    return text


async def _said(model: RoutedModel, request: ModelRequest) -> tuple[str, Usage | None]:
    told: list[str] = []
    usage: Usage | None = None
    async for event in stream(model.route, request):
        if isinstance(event, TextDelta):
            told.append(event.text)
        elif isinstance(event, Usage):
            usage = event
    return "".join(told), usage
