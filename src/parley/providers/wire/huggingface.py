"""The `huggingface` wire: Inference Providers by their router, and dedicated Endpoints, with one token.

https://huggingface.co/docs/inference-providers. Both speak OpenAI's Chat Completions; they differ in what they list.
"""

from typing import Final
from urllib.parse import urlsplit

import aiohttp

from parley.core.errors import EndpointRejected
from parley.providers.values import Route
from parley.providers.wire.base import ListedModel
from parley.providers.wire.calls import no_list
from parley.providers.wire.openai import OpenAI
from parley.providers.wire.reading import count_of

ROUTER: Final = "router.huggingface.co"
# The router lists what is served at this moment. These are asked for by name often enough to be there always.
KNOWN: Final = (
    ListedModel("google/gemma-2-9b-it", "Gemma 2 9B", context_window=8192, vision=False, tools=False, chats=True),
    ListedModel("meta-llama/Llama-3.1-8B-Instruct", "Llama 3.1 8B", vision=False, chats=True),
)


class HuggingFace(OpenAI):
    """See `base.Wire`."""

    async def list_models(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        if urlsplit(route.base_url).hostname != ROUTER:
            return await self._served(session, route)
        listed = await super().list_models(session, route)
        names = {model.name for model in listed}
        return [*listed, *(model for model in KNOWN if model.name not in names)]

    async def _served(self, session: aiohttp.ClientSession, route: Route) -> list[ListedModel]:
        """The one model of a dedicated Endpoint: vLLM and newer TGI list it, older TGI tells it in /info."""
        try:
            return await super().list_models(session, route)
        except EndpointRejected:
            parts = urlsplit(route.base_url)
            info = await self.get(session, route, f"{parts.scheme}://{parts.netloc}/info")
        name = info.get("model_id") if isinstance(info, dict) else None
        if not isinstance(name, str) or not name:
            raise no_list(route)
        window = count_of(info, "max_total_tokens") or count_of(info, "max_input_tokens") or None
        return [ListedModel(name[:200], context_window=window, chats=True)]
