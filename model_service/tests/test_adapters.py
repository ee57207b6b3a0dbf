"""LoRA adapters, chosen for each request."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from fastapi.testclient import TestClient
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from model_service.tests.test_together import ask, text_of


@pytest.fixture
def with_adapters(client: TestClient, adapters: Path) -> TestClient:
    for name in ("poet", "pirate"):
        new = {"name": name, "model": "llama", "folder": str(adapters / name)}
        assert client.post("/adapters", json=new).status_code == 201
    return client


def test_an_adapter_is_asked_for_by_its_name_while_its_model_stays_as_it_is(with_adapters: TestClient) -> None:
    plain, poet, pirate = (text_of(ask(with_adapters, "Hello", model=name)) for name in ("llama", "poet", "pirate"))

    assert len({plain, poet, pirate}) == 3
    assert text_of(ask(with_adapters, "Hello")) == plain
    listed = {model["id"]: model for model in with_adapters.get("/v1/models").json()["data"]}
    assert listed["poet"]["parent"] == "llama"


def test_an_adapters_answer_is_the_one_that_peft_gives(with_adapters: TestClient, made: Path, adapters: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(made / "llama")
    model = PeftModel.from_pretrained(
        AutoModelForCausalLM.from_pretrained(made / "llama"), str(adapters / "poet")
    ).eval()
    messages = [{"role": "user", "content": "Hello"}]
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
    said: list[int] = []
    with torch.inference_mode():
        for _ in range(16):
            said.append(int(model(input_ids=torch.tensor([[*prompt, *said]])).logits[0, -1].argmax()))

    answer = ask(with_adapters, "Hello", model="poet", max_tokens=16)

    assert text_of(answer) == tokenizer.decode(said, skip_special_tokens=True)


def test_rows_of_different_adapters_are_decoded_together(with_adapters: TestClient) -> None:
    names = ["llama", "poet", "pirate", "llama", "poet", "pirate"]
    alone = [text_of(ask(with_adapters, "Ahoy", model=name)) for name in names]

    with ThreadPoolExecutor(6) as callers:
        together = list(callers.map(lambda name: text_of(ask(with_adapters, "Ahoy", model=name)), names))

    assert together == alone


def test_what_one_adapter_computed_is_no_prefix_for_another(with_adapters: TestClient) -> None:
    long = "shown means stored " * 8
    ask(with_adapters, long, model="poet")

    found = ask(with_adapters, long, model="pirate")

    assert found["usage"]["prompt_tokens_details"]["cached_tokens"] == 0


def test_an_adapter_can_be_removed_while_its_model_is_in_memory(with_adapters: TestClient) -> None:
    plain = text_of(ask(with_adapters, "Hello"))
    ask(with_adapters, "Hello", model="poet")

    assert with_adapters.delete("/models/poet").status_code == 204

    answer = with_adapters.post(
        "/v1/chat/completions", json={"model": "poet", "messages": [{"role": "user", "content": "Hi"}]}
    )
    assert answer.status_code == 404
    assert text_of(ask(with_adapters, "Hello")) == plain


@pytest.mark.parametrize(
    ("change", "status"),
    [({"model": "nobody"}, 404), ({"name": "gpt2"}, 400), ({"folder": "/nowhere"}, 422)],
)
def test_an_adapter_that_cannot_be_is_refused(
    client: TestClient, adapters: Path, change: dict[str, str], status: int
) -> None:
    new = {"name": "poet", "model": "llama", "folder": str(adapters / "poet")} | change
    assert client.post("/adapters", json=new).status_code == status


def test_an_adapter_of_another_model_is_refused_and_harms_nothing(client: TestClient, adapters: Path) -> None:
    client.post("/adapters", json={"name": "poet", "model": "gpt2", "folder": str(adapters / "poet")})

    answer = client.post(
        "/v1/chat/completions", json={"model": "poet", "messages": [{"role": "user", "content": "Hi"}]}
    )

    assert answer.status_code == 422
    assert text_of(ask(client, "Hello", model="gpt2"))
