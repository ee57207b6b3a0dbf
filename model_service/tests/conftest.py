"""Tiny models, made once; and the service with them, called through its door."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
from fastapi.testclient import TestClient

from model_service.app import create_app
from model_service.settings import Settings
from model_service.tests import tiny

torch.set_num_threads(1)

Start = Callable[..., TestClient]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models, as a person would have it."""
    root = tmp_path_factory.mktemp("models")
    for make in (tiny.llama, tiny.mistral, tiny.gpt2, tiny.mamba, tiny.blenderbot, tiny.t5, tiny.bert):
        make(root / make.__name__)
    return root


@pytest.fixture(scope="session")
def adapters(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two LoRA adapters of the tiny Llama."""
    root = tmp_path_factory.mktemp("adapters")
    for seed, name in enumerate(("poet", "pirate")):
        tiny.adapter(root / name, made / "llama", seed)
    return root


@pytest.fixture
def start(made: Path, tmp_path: Path) -> Iterator[Start]:
    """Start a service with these settings; its client."""
    clients = []

    def started(**settings: object) -> TestClient:
        chosen = {"data": tmp_path / "data", "folder": made, "threads": 1} | settings
        client = TestClient(create_app(Settings(**chosen)))  # type: ignore[arg-type]
        client.__enter__()
        clients.append(client)
        return client

    yield started
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(start: Start) -> TestClient:
    return start()
