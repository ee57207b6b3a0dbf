"""huggingface_hub's InferenceClient. Its embeddings speak another dialect than OpenAI's, so there are none here."""

import json
from typing import Any

from asked import FORM, KEY, PICTURE_URL, QUESTION, SAYS, SCHEMA, TOOL, URL, lookup, tell
from huggingface_hub import InferenceClient

client = InferenceClient(base_url=URL, api_key=KEY)
question: list[Any] = [{"role": "user", "content": QUESTION}]
spec = {
    "name": "lookup",
    "description": "",
    "parameters": {"type": "object", "properties": {"query": {"type": "string"}}},
}
picture = [{"type": "text", "text": QUESTION}, {"type": "image_url", "image_url": {"url": PICTURE_URL}}]
form: Any = {"type": "json_schema", "json_schema": {"name": "animal", "schema": SCHEMA, "strict": True}}


def say(model: str, messages: list[Any], **fields: Any) -> Any:
    return client.chat_completion(messages, model=model, **fields).choices[0].message


called = say(TOOL, question, tools=[{"type": "function", "function": spec}])
call = called.tool_calls[0]
given = call.function.arguments
arguments = json.loads(given) if isinstance(given, str) else given
history: list[Any] = [
    *question,
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": call.id, "type": "function", "function": {"name": "lookup", "arguments": json.dumps(arguments)}}
        ],
    },
    {"role": "tool", "tool_call_id": call.id, "content": lookup(**arguments)},
]
chunks = client.chat_completion(question, model=SAYS, stream=True)

tell(
    whole=say(SAYS, question).content,
    stream=[text for chunk in chunks if chunk.choices and (text := chunk.choices[0].delta.content)],
    tool=[call.function.name, json.dumps(arguments), say(TOOL, history).content],
    seen=say(SAYS, [{"role": "user", "content": picture}]).content,
    form=json.loads(say(FORM, question, response_format=form).content),
)
