"""llm, by Simon Willison, with Parley in its file of other models that speak OpenAI's API."""

import json
import os
import tempfile
from pathlib import Path

from asked import EMBEDS, FORM, KEY, PICTURE, QUESTION, SAYS, SCHEMA, TEXTS, TOOL, URL, lookup, tell

folder = Path(tempfile.mkdtemp())
os.environ |= {"LLM_USER_PATH": str(folder), "OPENAI_BASE_URL": URL, "OPENAI_API_KEY": KEY}
entry = """
- model_id: parley/{name}
  model_name: {name}
  api_base: {url}
  api_key_name: parley
  vision: true
  supports_schema: true
  supports_tools: true
"""
(folder / "extra-openai-models.yaml").write_text("".join(entry.format(name=n, url=URL) for n in (SAYS, TOOL, FORM)))
(folder / "keys.json").write_text(json.dumps({"parley": KEY, "openai": KEY}))

import llm  # noqa: E402 - it reads the folder's name when it is imported


def model(name: str) -> llm.Model:
    return llm.get_model(f"parley/{name}")


def of_lookup() -> list[str]:
    """The tool's call, and the answer once its result is there."""
    first, second = model(TOOL).chain(QUESTION, tools=[lookup]).responses()
    (call,) = first.tool_calls()
    return [call.name, json.dumps(call.arguments), second.text()]


picture = llm.Attachment(type="image/png", content=PICTURE)

tell(
    whole=model(SAYS).prompt(QUESTION, stream=False).text(),
    stream=list(model(SAYS).prompt(QUESTION)),
    tool=of_lookup(),
    seen=model(SAYS).prompt(QUESTION, attachments=[picture]).text(),
    form=json.loads(model(FORM).prompt(QUESTION, schema=SCHEMA).text()),
    vectors=list(llm.get_embedding_model(EMBEDS).embed_multi(TEXTS)),
)
