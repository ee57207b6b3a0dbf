"""langchain-openai."""

import json
from typing import Any

from asked import EMBEDS, FORM, KEY, PICTURE_URL, QUESTION, RESPONSES, SAYS, SCHEMA, TEXTS, TOOL, URL, lookup, tell
from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings


def model(name: str) -> ChatOpenAI:
    return ChatOpenAI(model=name, base_url=URL, api_key=KEY, max_retries=0, use_responses_api=RESPONSES)


def of_lookup() -> list[str]:
    """The tool's call, and the answer once its result is there."""
    with_tool = model(TOOL).bind_tools([tool(lookup)])
    asked: list[AnyMessage] = [HumanMessage(QUESTION)]
    called = with_tool.invoke(asked)
    (call,) = called.tool_calls
    result = ToolMessage(lookup(**call["args"]), tool_call_id=call["id"])
    return [call["name"], json.dumps(call["args"]), with_tool.invoke([*asked, called, result]).text]


picture: Any = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": PICTURE_URL}}]
shaped = model(FORM).with_structured_output({"title": "animal", **SCHEMA}, method="json_schema")
# Without the length check it sends words: to check, it would fetch OpenAI's own table of tokens.
embeddings = OpenAIEmbeddings(model=EMBEDS, base_url=URL, api_key=KEY, check_embedding_ctx_length=False)

tell(
    whole=model(SAYS).invoke(QUESTION).text,
    stream=[chunk.text for chunk in model(SAYS).stream(QUESTION) if chunk.text],
    tool=of_lookup(),
    seen=model(SAYS).invoke([HumanMessage(picture)]).text,
    form=shaped.invoke(QUESTION),
    vectors=embeddings.embed_documents(TEXTS),
)
