"""The doors of model cards: what one can talk to, and what Parley believes of it."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from parley.api.who import member_of
from parley.bots.queries import default_bots_of
from parley.providers import actions, queries
from parley.providers.models import ModelCard

router = Router(tags=["models"])

All = Annotated[bool, Query(alias="all")]
Words = Annotated[str, Query(max_length=200)]


class EndpointName(Schema):
    id: UUID
    name: str


class Model(Schema):
    """`bot`: the one that stands for this model. `context_window` is in tokens, prompt and answer together.

    Prices are in US dollars a million tokens, null where nobody knows. `typed`: a person wrote its name down. `embeds`: it turns
    texts into vectors at `/v1/embeddings`, takes part in no conversation, and has no bot.
    """

    id: UUID
    name: str
    label: str
    endpoint: EndpointName
    bot: UUID | None
    context_window: int
    vision: bool
    tools: bool
    prefill: bool
    embeds: bool
    input_price: float | None
    output_price: float | None
    cached_price: float | None
    typed: bool
    enabled: bool
    is_guide: bool
    is_rule: bool


class Models(Schema):
    items: list[Model]
    next: str | None = None


class ModelChange(Schema):
    """What is left out stays as it is. An empty `label` falls back on the name; a price of null is not known."""

    label: str | None = None
    enabled: bool | None = None
    context_window: int | None = None
    vision: bool | None = None
    tools: bool | None = None
    prefill: bool | None = None
    input_price: float | None = None
    output_price: float | None = None
    cached_price: float | None = None


PRICES = frozenset({"input_price", "output_price", "cached_price"})


@router.get("/models", response=Models)
def list_models(request: HttpRequest, all_of_them: All = False, q: Words = "") -> Models:
    """What one can talk to now; with `q`, where each of its words stands in name, label or endpoint.

    `all=true`, for admins: what is switched off, and what embeds, too.
    """
    cards = queries.list_model_cards(member_of(request), unusable_too=all_of_them, words=q)
    bots = default_bots_of(card.id for card in cards)
    return Models(items=[model_out(card, bots.get(card.id)) for card in cards])


@router.patch("/models/{uuid:model_id}", response=Model)
def change_model(request: HttpRequest, model_id: UUID, body: ModelChange) -> Model:
    """Rename it, switch it, or correct what Parley believes of it. For admins."""
    given = body.dict(exclude_unset=True)
    changes = {name: value for name, value in given.items() if value is not None or name in PRICES}
    card = actions.change_model_card(member_of(request), model_id, **changes)
    return model_out(card, default_bots_of([card.id]).get(card.id))


def model_out(card: ModelCard, bot: UUID | None) -> Model:
    return Model(
        id=card.id,
        name=card.name,
        label=str(card),
        endpoint=EndpointName(id=card.endpoint_id, name=card.endpoint.name),
        bot=bot,
        context_window=card.context_window,
        vision=card.vision,
        tools=card.tools,
        prefill=card.prefill,
        embeds=card.embeds,
        input_price=card.input_price,
        output_price=card.output_price,
        cached_price=card.cached_price,
        typed=card.typed,
        enabled=card.enabled,
        is_guide=card.is_guide,
        is_rule=card.is_rule,
    )
