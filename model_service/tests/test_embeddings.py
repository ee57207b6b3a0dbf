"""Vectors, through the door."""

import base64
import json
import shutil
import struct
from pathlib import Path
from typing import Any

import pytest
import torch
from fastapi.testclient import TestClient
from transformers import AutoModel, AutoTokenizer

from model_service.tests.conftest import Start

TEXTS = ["shown means stored", "a reply", "nothing shown or accepted is ever lost, not even once"]


def embed(client: TestClient, **more: object) -> Any:
    answer = client.post("/v1/embeddings", json={"model": "bert", "input": TEXTS} | more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_vectors_are_those_of_the_library_each_in_its_place(client: TestClient, made: Path) -> None:
    tokenizer, model = AutoTokenizer.from_pretrained(made / "bert"), AutoModel.from_pretrained(made / "bert").eval()

    given = embed(client)

    for text, item in zip(TEXTS, given["data"], strict=True):
        with torch.inference_mode():
            states = model(**tokenizer(text, return_tensors="pt")).last_hidden_state
        wanted = torch.nn.functional.normalize(states.mean(dim=1), dim=-1)[0]
        assert torch.allclose(torch.tensor(item["embedding"]), wanted, atol=1e-5)
    assert given["usage"]["total_tokens"] > 10


def test_base64_and_fewer_dimensions_are_given_when_asked_for(client: TestClient) -> None:
    plain = embed(client)["data"][0]["embedding"]
    packed = embed(client, encoding_format="base64")["data"][0]["embedding"]
    short = embed(client, dimensions=8)["data"][0]["embedding"]

    assert struct.unpack(f"<{len(plain)}f", base64.b64decode(packed)) == pytest.approx(plain, abs=1e-6)
    assert len(short) == 8
    assert sum(value * value for value in short) == pytest.approx(1.0, abs=1e-5)


def test_pooling_is_read_as_sentence_transformers_writes_it(start: Start, made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "offered" / "first"
    shutil.copytree(made / "bert", folder)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling").mkdir()
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False})
    )
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()

    given = embed(start(folder=tmp_path / "offered"), model="first", input=TEXTS[0])["data"][0]["embedding"]

    with torch.inference_mode():
        states = model(**tokenizer(TEXTS[0], return_tensors="pt")).last_hidden_state
    assert torch.allclose(torch.tensor(given), torch.nn.functional.normalize(states[0, 0], dim=-1), atol=1e-5)


@pytest.mark.parametrize(
    "change", [{"input": []}, {"input": [""]}, {"input": "long " * 900}, {"dimensions": 999}, {"model": "llama"}]
)
def test_what_cannot_be_embedded_is_refused(client: TestClient, change: dict[str, object]) -> None:
    answer = client.post("/v1/embeddings", json={"model": "bert", "input": "a text"} | change)

    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]
