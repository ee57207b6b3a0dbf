"""Turn a caller's texts into vectors (/v1/embeddings): who may, what it costs, and the ledger, around `providers.embedding`."""

from parley.accounts.access import Member
from parley.core.errors import NotFound, OverBudget
from parley.engine import ledger
from parley.engine.admission import check_capacity
from parley.providers.embedding import embed
from parley.providers.queries import find_embedding_card
from parley.providers.routed import RoutedModel
from parley.providers.routes import model_for
from parley.providers.values import Embedded, EmbeddingRequest
from parley.usage.actions import record_usage
from parley.usage.budgets import check_budget, overspent_endpoints


def embedding_model(member: Member, name: str) -> RoutedModel:
    """The model that is called so. Raises `Busy`, `NotFound`, `OverBudget`, before anything is asked."""
    check_capacity()
    check_budget(member)
    card = find_embedding_card(member, name)
    if card is None:
        raise NotFound(
            f'There is no model {name!r} for embeddings. GET /v1/models lists them, with "embeddings": true.'
        )
    model = model_for(card.id)
    if model.route.endpoint_id in overspent_endpoints(member.workspace_id):
        raise OverBudget("The endpoint of this model has spent what it may this month. An admin can allow it more.")
    return model


async def vectors_of(member: Member, model: RoutedModel, request: EmbeddingRequest) -> Embedded:
    """One vector for each input; what was read is in the usage ledger when they are back. Raises an `EndpointError`."""
    embedded = await embed(model.route, request)
    await ledger.write(
        record_usage,
        workspace_id=member.workspace_id,
        user_id=member.user_id,
        generation_id=None,
        endpoint_id=model.route.endpoint_id,
        model=model.name,
        input_tokens=embedded.input_tokens or 0,
        output_tokens=0,
        estimated=False,
        purpose="embedding",
    )
    return embedded
