"""The answer to GET /models. OpenAI gives bare names; most others add what they know, each in their own words."""

from typing import Final

from parley.providers.profiles import Price, price_of
from parley.providers.wire.base import ListedModel

_MODELS_TAKEN: Final = 2000

_Item = dict[str, object]


def listed_models(document: object) -> list[ListedModel]:
    """Raises ValueError when this is no list of models."""
    items = document
    if isinstance(document, dict):
        items = document.get("data", document.get("models"))
    if not isinstance(items, list):
        raise ValueError("no list of models")
    once: dict[str, ListedModel] = {}
    for item in items[:_MODELS_TAKEN]:
        if isinstance(item, dict) and (model := _listed(item)).name:
            once.setdefault(model.name, model)
    return list(once.values())


def _listed(item: _Item) -> ListedModel:
    name = _text(item, "id") or _text(item, "name")
    return ListedModel(
        name=name.removeprefix("models/")[:200],  # Google's prefix; it takes names without it as well
        label=(_text(item, "display_name") or (_text(item, "name") if item.get("id") else ""))[:200],
        context_window=_context_window(item),
        vision=_vision(item),
        tools=_tools(item),
        prefill=_text(item, "owned_by") in ("vllm", "llamacpp", "parley-models") or None,
        chats=_chats(item),
        embeds=_embeds(item),
        price=_price(item),
    )


def _context_window(item: _Item) -> int | None:
    sizes = [item.get(name) for name in ("context_length", "context_window", "max_context_length", "max_model_len")]
    sizes += [_dict(item, "meta").get("n_ctx_train"), *(one.get("context_length") for one in _offers(item))]
    known = [size for size in sizes if type(size) is int and 0 < size < 2**31]
    return known[0] if known else None


def _vision(item: _Item) -> bool | None:
    takes = _dict(item, "architecture").get("input_modalities", item.get("input_modalities"))
    if isinstance(takes, list):
        return "image" in takes
    return _flag(_dict(item, "capabilities"), "vision")


def _tools(item: _Item) -> bool | None:
    takes = item.get("supported_parameters")
    if isinstance(takes, list):
        return "tools" in takes
    offers = [offer["supports_tools"] for offer in _offers(item) if isinstance(offer.get("supports_tools"), bool)]
    return any(offers) if offers else _flag(_dict(item, "capabilities"), "function_calling")


def _chats(item: _Item) -> bool | None:
    if kind := _text(item, "type"):
        return kind in ("chat", "model", "language")  # Together; "model" is Anthropic's word for all of theirs
    gives = _dict(item, "architecture").get("output_modalities")
    if isinstance(gives, list):
        return "text" in gives
    return _flag(_dict(item, "capabilities"), "completion_chat")


def _embeds(item: _Item) -> bool | None:
    if kind := _text(item, "type"):
        return kind == "embedding" or None  # Together; what calls a model by another word may still mean one
    gives = _dict(item, "architecture").get("output_modalities")
    return ("embeddings" in gives or None) if isinstance(gives, list) else None


def _price(item: _Item) -> Price | None:
    """OpenRouter names dollars a token, as text; Together and Hugging Face's providers dollars a million tokens."""
    said = _dict(item, "pricing")
    if "prompt" in said:
        return price_of(said.get("prompt"), said.get("completion"), said.get("input_cache_read"), scale=1e6)
    offers = [said, *(_dict(offer, "pricing") for offer in _offers(item))]
    prices = [price for offer in offers if (price := price_of(offer.get("input"), offer.get("output")))]
    return min(prices, key=lambda price: price.input + price.output) if prices else None


def _offers(item: _Item) -> list[_Item]:
    """Hugging Face's router lists who serves a model, each with their own limits."""
    offers = item.get("providers")
    return [offer for offer in offers if isinstance(offer, dict)] if isinstance(offers, list) else []


def _flag(item: _Item, name: str) -> bool | None:
    value = item.get(name)
    return value if isinstance(value, bool) else None


def _text(item: _Item, name: str) -> str:
    value = item.get(name)
    return value.strip() if isinstance(value, str) else ""


def _dict(item: _Item, name: str) -> _Item:
    value = item.get(name)
    return value if isinstance(value, dict) else {}
