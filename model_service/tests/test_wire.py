"""The client of OpenAI, against the service in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def address(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where it listens."""
    env = os.environ | {
        "MODELS_FOLDER": str(made),
        "MODELS_DATA": str(tmp_path_factory.mktemp("data")),
        "MODELS_PORT": "0",
        "MODELS_KEY": "sesame",
        "MODELS_THREADS": "1",
    }
    command = [sys.executable, "-m", "model_service"]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True) as service:
        assert service.stdout
        line = service.stdout.readline()
        assert "is ready at" in line
        yield line.rpartition(" ")[2].strip()
        service.terminate()
        assert service.wait(30) in (0, -15)  # uvicorn ends gracefully, then by the signal


@pytest.fixture
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{address}v1", api_key="sesame", max_retries=0) as client:
        yield client


def test_openais_client_streams(client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(
        model="llama",
        messages=[{"role": "user", "content": "Hello"}],
        max_tokens=9,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)

    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 9
    assert "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def test_openais_client_gets_a_whole_answer_models_and_vectors(client: openai.OpenAI) -> None:
    answer = client.chat.completions.create(model="t5", messages=[{"role": "user", "content": "Hello"}], max_tokens=5)

    assert answer.choices[0].finish_reason in ("stop", "length")
    assert "blenderbot" in {model.id for model in client.models.list()}
    assert len(client.embeddings.create(model="bert", input="a text").data[0].embedding) == 32


def test_who_leaves_a_stream_frees_the_model(client: openai.OpenAI, address: str) -> None:
    import time
    import urllib.request

    stream = client.chat.completions.create(
        model="llama", messages=[{"role": "user", "content": "Hello"}], max_tokens=500, temperature=0, stream=True
    )
    next(stream)
    next(stream)
    stream.close()

    until = time.monotonic() + 2
    while b'"running":0' not in urllib.request.urlopen(address).read():
        assert time.monotonic() < until


def test_openais_client_understands_what_is_refused(client: openai.OpenAI, address: str) -> None:
    with pytest.raises(openai.NotFoundError, match="nobody"):
        client.chat.completions.create(model="nobody", messages=[{"role": "user", "content": "Hello"}])
    with (
        openai.OpenAI(base_url=f"{address}v1", api_key="wrong", max_retries=0) as stranger,
        pytest.raises(openai.AuthenticationError),
    ):
        stranger.models.list()
