"""pydantic-ai."""

import asyncio
import json

from asked import EMBEDS, FORM, KEY, PICTURE, QUESTION, RESPONSES, SAYS, TEXTS, TOOL, URL, lookup, tell
from pydantic import BaseModel
from pydantic_ai import Agent, BinaryContent, Embedder, NativeOutput
from pydantic_ai.embeddings.openai import OpenAIEmbeddingModel
from pydantic_ai.messages import ToolCallPart
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

provider = OpenAIProvider(base_url=URL, api_key=KEY)


class Animal(BaseModel):
    """An animal."""

    name: str
    legs: int


def model(name: str) -> OpenAIChatModel | OpenAIResponsesModel:
    return (OpenAIResponsesModel if RESPONSES else OpenAIChatModel)(name, provider=provider)


async def streamed() -> list[str]:
    async with Agent(model(SAYS)).run_stream(QUESTION) as answer:
        return [text async for text in answer.stream_text(delta=True, debounce_by=None)]


async def of_lookup() -> list[str]:
    """The tool's call, and the answer once its result is there."""
    run = await Agent(model(TOOL), tools=[lookup]).run(QUESTION)
    parts = [part for message in run.all_messages() for part in message.parts]
    (call,) = [part for part in parts if isinstance(part, ToolCallPart)]
    return [call.tool_name, json.dumps(call.args_as_dict()), run.output]


async def main() -> None:
    picture = BinaryContent(data=PICTURE, media_type="image/png")
    embedded = await Embedder(OpenAIEmbeddingModel(EMBEDS, provider=provider)).embed_documents(TEXTS)
    tell(
        whole=(await Agent(model(SAYS)).run(QUESTION)).output,
        stream=await streamed(),
        tool=await of_lookup(),
        seen=(await Agent(model(SAYS)).run([QUESTION, picture])).output,
        form=(await Agent(model(FORM), output_type=NativeOutput(Animal)).run(QUESTION)).output.model_dump(),
        vectors=[list(vector) for vector in embedded.embeddings],
    )


asyncio.run(main())
