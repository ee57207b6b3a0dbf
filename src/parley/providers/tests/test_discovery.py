"""Vendors in the environment, and an Ollama on this machine."""

import time

import pytest

from parley.accounts.models import Workspace
from parley.core.errors import NotFound
from parley.providers import unasked
from parley.providers.actions import change_endpoint
from parley.providers.discovery import Found, find_ollama, vendors_in_environment
from parley.providers.models import Endpoint
from parley.providers.queries import list_endpoints, list_model_cards
from parley.providers.routes import model_for
from parley.providers.tests.vendor_server import Call, Script, lister, vendor_beside
from parley.providers.unasked import look_for_ollama, refresh_catalogue, sync_environment
from parley.providers.vendors import OLLAMA, VENDORS, Vendor
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)

KEY = "sk-right-1234567890"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the one who runs the tests has in theirs."""
    for vendor in VENDORS:
        for name in filter(None, (vendor.key_variable, vendor.url_variable)):
            monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(unasked, "find_ollama", lambda: None)


def found() -> dict[str, Found]:
    return {one.vendor.id: one for one in vendors_in_environment()}


def endpoints() -> dict[str, Endpoint]:
    return {endpoint.vendor: endpoint for endpoint in Endpoint.objects.filter(source="environment")}


def tags(*names: str) -> Script:
    """An Ollama that has pulled these."""

    async def answer(call: Call) -> None:
        if call.path == "/api/show":
            await call.json({"error": "not today"}, 404)
        else:
            await call.json({"models": [{"name": name, "model": name} for name in names]})

    return answer


# --- What is found ----------------------------------------------------------------------------------------------------


def test_an_empty_environment_names_nobody() -> None:
    assert found() == {}


@pytest.mark.parametrize("vendor", [vendor for vendor in VENDORS if vendor.key_variable], ids=lambda vendor: vendor.id)
def test_each_vendors_key_is_found(vendor: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(vendor.key_variable, f" {KEY} ")
    assert list(found().values()) == [Found(vendor, vendor.label, vendor.base_url, KEY)]


def test_an_address_without_a_key_is_an_endpoint_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://gpu.example:8000/v1/")
    one = found()["openai"]
    assert (one.name, one.base_url, one.api_key) == ("gpu.example:8000", "http://gpu.example:8000/v1", "")


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),
        ("0.0.0.0:9999", "http://127.0.0.1:9999"),
        (":9999", "http://127.0.0.1:9999"),
        ("gpu.example", "http://gpu.example:11434"),
        ("[::1]:9999", "http://[::1]:9999"),
        ("https://ollama.example", "https://ollama.example:443"),
        ("http://gpu.example:80/ollama/", "http://gpu.example:80/ollama"),
    ],
)
def test_ollamas_host_is_read_as_ollama_reads_it(said: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", said)
    assert found()["ollama"].base_url == address


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OPENAI_BASE_URL", "not an address"),
        ("OPENAI_BASE_URL", "http://user:secret@vendor.example"),
        ("ANTHROPIC_API_KEY", "two words"),
        ("OLLAMA_HOST", "host:port:port"),
        ("OLLAMA_HOST", "http://[::1"),
    ],
)
def test_a_value_that_cannot_be_used_is_logged_without_itself(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(name, value)
    assert found() == {}
    assert name in caplog.text
    assert value not in caplog.text


def test_no_ollama_is_noticed_quickly_and_quietly(caplog: pytest.LogCaptureFixture) -> None:
    began = time.monotonic()
    find_ollama()
    assert time.monotonic() - began < 5
    assert caplog.text == ""


def test_a_key_shows_in_no_repr() -> None:
    assert KEY not in repr(Found(OLLAMA, "n", "u", KEY))


# --- What becomes of it -----------------------------------------------------------------------------------------------


def test_before_the_instance_is_founded_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    sync_environment()
    refresh_catalogue()
    assert endpoints() == {}


def test_the_start_calls_nobody_and_the_background_lists(
    owner: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with vendor_beside(lister("a", "b")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        sync_environment()
        assert server.calls == []
        refresh_catalogue()
        sync_environment()
        refresh_catalogue()
    assert [card.name for card in list_model_cards(owner.member)] == ["a", "b"]
    (listed,) = list_endpoints(owner.member)
    assert (listed.endpoint.version, listed.key_last4, listed.health.state) == (1, "7890", "ok")


def test_a_vendor_that_does_not_answer_costs_a_line_in_the_log(
    owner: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    sync_environment()
    refresh_catalogue()
    assert "127.0.0.1:1" in caplog.text
    assert KEY not in caplog.text
    (listed,) = list_endpoints(owner.member)
    assert listed.health.state == "failing"


def test_a_variable_that_is_gone_takes_its_endpoint_out_and_its_key_away(
    owner: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with vendor_beside(lister("a")) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        sync_environment()
        refresh_catalogue()
        card = list_model_cards(owner.member)[0]
        assert model_for(card.id)
        monkeypatch.delenv("OPENAI_BASE_URL")
        monkeypatch.delenv("OPENAI_API_KEY")
        sync_environment()
        assert (list_endpoints(owner.member), list_model_cards(owner.member)) == ([], [])
        assert endpoints()["openai"].sealed_key == ""
        with pytest.raises(NotFound):
            model_for(card.id)
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        sync_environment()
    assert [again.id for again in list_model_cards(owner.member)] == [card.id]


def test_what_a_person_switched_off_stays_off(
    owner: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    sync_environment()
    endpoint = endpoints()["openai"]
    change_endpoint(owner.member, endpoint.id, version=1, enabled=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "-new")
    sync_environment()
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.api_key, endpoint.version) == (False, KEY + "-new", 3)


def test_an_endpoint_from_the_environment_never_takes_a_persons_name(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OpenAI", "OpenAI (environment)"):
        Endpoint.objects.create(workspace=workspace, name=name, wire="openai")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    sync_environment()
    assert endpoints()["openai"].name == "OpenAI (2)"


def test_an_ollama_that_was_started_meanwhile_is_connected(
    owner: Person, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with vendor_beside(tags("llama3.2:3b", "nomic-embed-text")) as server:
        monkeypatch.setattr(unasked, "find_ollama", lambda: Found(OLLAMA, "Ollama", server.base_url))
        for _ in range(3):
            look_for_ollama()
        assert [call.path for call in server.calls].count("/api/tags") == 1
        sync_environment()
    assert [card.name for card in list_model_cards(owner.member)] == ["llama3.2:3b"]
    monkeypatch.setattr(unasked, "find_ollama", lambda: None)
    look_for_ollama()
    assert len(list_model_cards(owner.member)) == 1  # it may only be starting again
    look_for_ollama(retire=True)
    assert list_model_cards(owner.member) == []


def test_where_ollamas_host_is_set_nobody_looks_elsewhere(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", "gpu.example")
    monkeypatch.setattr(unasked, "find_ollama", lambda: pytest.fail("looked"))
    sync_environment()
    look_for_ollama(retire=True)
    assert endpoints()["ollama"].available
