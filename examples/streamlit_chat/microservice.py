"""The microservice form: `streamlit run microservice.py`, beside a Parley server that is asked over `/v1`."""

import os
from collections.abc import Iterator

import streamlit as st
from chat import NoAnswer, Said, show
from openai import OpenAI, OpenAIError

URL = os.environ.get("PARLEY_URL", "http://127.0.0.1:8000")
KEY = os.environ.get("PARLEY_KEY", "")


class Server:
    """A Parley elsewhere."""

    def __init__(self, url: str, key: str) -> None:
        self._client = OpenAI(base_url=f"{url.rstrip('/')}/v1", api_key=key)

    def models(self) -> list[str]:
        """The bots there; models for embeddings are no company."""
        try:
            listed = list(self._client.models.list())
        except OpenAIError as error:
            raise NoAnswer(f"{URL} lists no bots: {error}") from error
        return [model.id for model in listed if not getattr(model, "embeddings", False)]

    def answer(self, model: str, said: list[Said]) -> Iterator[str]:
        """See `chat.Answers`."""
        messages = [{"role": "user" if one.is_user else "assistant", "content": one.text} for one in said]
        try:
            with self._client.chat.completions.create(model=model, messages=messages, stream=True) as stream:
                for chunk in stream:
                    if chunk.choices and chunk.choices[0].delta.content:
                        yield chunk.choices[0].delta.content
        except OpenAIError as error:
            raise NoAnswer(f"There is no answer: {error}") from error


@st.cache_resource
def server(url: str, key: str) -> Server:
    """One for all pages, with its connections."""
    return Server(url, key)


if KEY:
    show(server(URL, KEY), "Parley, as a service")
else:
    st.error("Set PARLEY_KEY to an API key of your Parley (Settings → API keys), and PARLEY_URL to its address.")
