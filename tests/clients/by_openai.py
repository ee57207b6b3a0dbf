"""openai, for Python."""

import json
from typing import Any

from asked import EMBEDS, FORM, KEY, PICTURE_URL, QUESTION, SAYS, SCHEMA, TEXTS, TOOL, URL, lookup, tell
from openai import OpenAI

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
question: Any = [{"role": "user", "content": QUESTION}]
spec: Any = {"name": "lookup", "parameters": {"type": "object", "properties": {"query": {"type": "string"}}}}
picture: Any = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": PICTURE_URL}}]
form: Any = {"type": "json_schema", "json_schema": {"name": "animal", "schema": SCHEMA, "strict": True}}


def say(model: str, messages: Any, **fields: Any) -> Any:
    return client.chat.completions.create(model=model, messages=messages, **fields).choices[0].message


called = say(TOOL, question, tools=[{"type": "function", "function": spec}])
call = called.tool_calls[0]
result = {"role": "tool", "tool_call_id": call.id, "content": lookup(**json.loads(call.function.arguments))}
with client.chat.completions.stream(model=SAYS, messages=question) as stream:
    pieces = [event.delta for event in stream if event.type == "content.delta"]

tell(
    whole=say(SAYS, question).content,
    stream=pieces,
    tool=[call.function.name, call.function.arguments, say(TOOL, [*question, called, result]).content],
    seen=say(SAYS, [{"role": "user", "content": picture}]).content,
    form=json.loads(say(FORM, question, response_format=form).content),
    vectors=[item.embedding for item in client.embeddings.create(model=EMBEDS, input=TEXTS).data],
)
