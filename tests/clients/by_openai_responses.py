"""openai, for Python, by its newer API."""

import json
from typing import Any

from asked import FORM, KEY, PICTURE_URL, QUESTION, SAYS, SCHEMA, TOOL, URL, lookup, tell
from openai import OpenAI

client = OpenAI(base_url=URL, api_key=KEY, max_retries=0)
question: Any = [{"role": "user", "content": QUESTION}]
parameters = {"type": "object", "properties": {"query": {"type": "string"}}}
spec: Any = {"type": "function", "name": "lookup", "parameters": parameters, "strict": False}
picture: Any = [{"type": "input_text", "text": QUESTION}, {"type": "input_image", "image_url": PICTURE_URL}]
form: Any = {"format": {"type": "json_schema", "name": "animal", "schema": SCHEMA, "strict": True}}

called = client.responses.create(model=TOOL, input=question, tools=[spec])
(call,) = (item for item in called.output if item.type == "function_call")
result = {"type": "function_call_output", "call_id": call.call_id, "output": lookup(**json.loads(call.arguments))}
with client.responses.stream(model=SAYS, input=QUESTION, instructions="Be brief.") as stream:
    pieces = [event.delta for event in stream if event.type == "response.output_text.delta"]
    assert stream.get_final_response().output_text == "".join(pieces)

tell(
    whole=client.responses.create(model=SAYS, input=QUESTION).output_text,
    stream=pieces,
    tool=[
        call.name,
        call.arguments,
        client.responses.create(model=TOOL, input=[*question, *called.output, result], tools=[spec]).output_text,
    ],
    seen=client.responses.create(model=SAYS, input=[{"role": "user", "content": picture}]).output_text,
    form=json.loads(client.responses.create(model=FORM, input=question, text=form).output_text),
)
