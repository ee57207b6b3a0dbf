"""The contracts in docs/ are what the code does. After a change that is meant: `make schemas`, and a changelog line."""

import pytest

from docs.schemas import contracts


@pytest.mark.parametrize("name", ["socket.schema.json", "openapi.json", "archive.schema.json"])
def test_the_committed_contract_is_the_one_that_is_spoken(name: str) -> None:
    ((path, content),) = [(path, content) for path, content in contracts().items() if path.name == name]
    assert path.read_bytes() == content, "the contract has changed: run `make schemas` and look at the difference"
