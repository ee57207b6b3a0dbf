"""Endpoints: connecting, changing, removing; who may; what is told to other rooms."""

from uuid import uuid4

import pytest
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Workspace
from parley.core.errors import Conflict, EndpointRefused, Invalid, NotAllowed, NotFound
from parley.core.seal import seal
from parley.providers import signals
from parley.providers.access import endpoint_for, model_card_for
from parley.providers.actions import (
    add_endpoint,
    change_endpoint,
    change_model_card,
    refresh_models,
    remove_endpoint,
)
from parley.providers.breaker import health_of
from parley.providers.checks import check_endpoints
from parley.providers.models import Endpoint, ModelCard
from parley.providers.queries import list_endpoints, list_model_cards
from parley.providers.routes import model_for
from parley.providers.tests.connected import KEY, connect, hearing, names
from parley.providers.tests.vendor_server import lister, vendor_beside
from parley.providers.unasked import ensure_guide, take_listed
from parley.providers.wire.base import ListedModel
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)  # facts are told on commit


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_vendor_that_takes_the_key_is_connected_with_its_models(admin: Person) -> None:
    with hearing(signals.endpoint_added, signals.model_card_added) as heard, vendor_beside(lister("a", "b")) as server:
        endpoint = connect(admin, server)
    assert names(endpoint) == ["a", "b"]
    assert (endpoint.source, endpoint.enabled, endpoint.available, endpoint.version) == ("screen", True, True, 1)
    assert [signal for signal, _ in heard] == [signals.endpoint_added] + [signals.model_card_added] * 2
    assert heard[1][1].keys() == {"workspace_id", "endpoint_id", "model_card_id"}
    assert health_of(str(endpoint.id)).state == "ok"


def test_a_vendor_that_refuses_the_key_is_not_connected_and_says_why(admin: Person) -> None:
    with vendor_beside(lister("a")) as server, pytest.raises(Invalid, match="Incorrect API key"):
        connect(admin, server, key="sk-wrong-1234567890")
    assert not Endpoint.objects.exists()


def test_models_that_neither_chat_nor_embed_get_no_card(admin: Person) -> None:
    listed = ("gpt-4o", "text-embedding-3-small", "whisper-1", "dall-e-3", "tts-1", "omni-moderation-latest")
    with vendor_beside(lister(*listed)) as server:
        endpoint = connect(admin, server)
    assert names(endpoint, embeds=False) == ["gpt-4o"]
    assert names(endpoint, embeds=True) == ["text-embedding-3-small"]


def test_a_card_says_what_is_known_of_its_family(admin: Person) -> None:
    with vendor_beside(lister("gpt-4o", "nobody-knows-me")) as server:
        cards = {card.name: card for card in connect(admin, server).model_cards.all()}
    known, unknown = cards["gpt-4o"], cards["nobody-knows-me"]
    assert (known.context_window, known.vision, known.tools) == (128_000, True, True)
    assert (unknown.context_window, unknown.vision, unknown.tools) == (8192, False, False)


def test_the_key_is_stored_sealed(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
    row = Endpoint.objects.values().get(id=endpoint.id)
    assert not any(KEY in str(value) for value in row.values())
    assert endpoint.api_key == KEY
    assert KEY not in repr(endpoint) + str(endpoint)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "api.openai.com/v1",
        "ftp://vendor.example/v1",
        "file:///etc/passwd",
        "gopher://vendor.example/",
        "javascript:alert(1)",
        "http://",
        "http:///v1",
        "https://user:password@vendor.example/v1",
        "https://user@vendor.example/v1",
        "https://vendor.example\\@127.0.0.1/v1",
        "https://vendor.example/v1#fragment",
        "https://vendor.example/v1?query=1",
        "https://vendor.example/v1?",
        "https://vendor.example:99999/v1",
        "https://vendor.example:port/v1",
        "https://vendor.ex ample/v1",
        "https://vendor.example/\tv1",
        "https://vendor.example/\0v1",
        "https://vendor.exämple/v1",
        "https://vendor%2eexample/v1",
        "http://[::1/v1",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/v1",
        "http://[::ffff:a9fe:a9fe]/v1",
        "https://" + "a" * 600 + ".example/v1",
    ],
)
def test_an_address_that_is_none_is_refused_before_anyone_is_called(admin: Person, address: str) -> None:
    with pytest.raises(Invalid) as caught:
        add_endpoint(admin.member, name="V", wire="openai", base_url=address, api_key="")
    assert "URL" in caught.value.message or "link-local" in caught.value.message


def test_an_address_that_was_pasted_too_long_is_cut_to_its_base(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        pasted = f"  {server.base_url}/chat/completions/ "
        endpoint = add_endpoint(admin.member, name="V", wire="openai", base_url=pasted, api_key=KEY)
    assert endpoint.base_url == server.base_url


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "kéy", "a" * 1001, "nul\0"])
def test_a_key_that_could_not_travel_is_refused(admin: Person, key: str) -> None:
    with pytest.raises(Invalid, match="key"):
        add_endpoint(admin.member, name="V", wire="openai", base_url="http://127.0.0.1:1/v1", api_key=key)


@pytest.mark.parametrize("wire", ["mock", "guide", "smoke", ""])
def test_only_wires_for_people_can_be_chosen(admin: Person, wire: str) -> None:
    with pytest.raises(Invalid, match="wire"):
        add_endpoint(admin.member, name="V", wire=wire, base_url="http://127.0.0.1:1/v1", api_key="")


@pytest.mark.parametrize("name", ["", "  ", "x" * 121, "a\0b", "a\u202eb"])
def test_a_name_must_be_one(admin: Person, name: str) -> None:
    with pytest.raises(Invalid, match="name"):
        add_endpoint(admin.member, name=name, wire="openai", base_url="http://127.0.0.1:1/v1", api_key="")


def test_a_name_is_taken_once_in_a_workspace_and_free_in_another(admin: Person, stranger: Person) -> None:
    with vendor_beside(lister("a")) as server:
        connect(admin, server)
        with pytest.raises(Invalid, match="already"):
            connect(admin, server)
        connect(stranger, server)


# --- Changing ---------------------------------------------------------------------------------------------------------


def test_another_address_voids_the_key_which_is_never_sent_there(admin: Person) -> None:
    with vendor_beside(lister("a")) as old, vendor_beside(lister("b", key="")) as new:
        endpoint = connect(admin, old)
        changed = change_endpoint(admin.member, endpoint.id, version=1, base_url=new.base_url)
        assert new.calls
        assert all("authorization" not in call.headers for call in new.calls)
    assert changed.api_key == ""
    assert (names(endpoint, available=True), names(endpoint, available=False)) == (["b"], ["a"])


def test_another_address_with_its_own_key_is_checked_with_that_key(admin: Person) -> None:
    with vendor_beside(lister("a")) as old, vendor_beside(lister("b", key="sk-other-1234567890")) as new:
        endpoint = connect(admin, old)
        with pytest.raises(Invalid, match="Incorrect"):
            change_endpoint(admin.member, endpoint.id, version=1, base_url=new.base_url)
        change_endpoint(admin.member, endpoint.id, version=1, base_url=new.base_url, api_key="sk-other-1234567890")
        assert all(KEY not in str(call.headers) for call in new.calls)
    assert Endpoint.objects.get(id=endpoint.id).api_key == "sk-other-1234567890"


def test_a_stale_change_is_a_conflict_and_changes_nothing(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
    change_endpoint(admin.member, endpoint.id, version=1, name="Renamed")
    with pytest.raises(Conflict):
        change_endpoint(admin.member, endpoint.id, version=1, name="Again")
    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.version) == ("Renamed", 2)


def test_renaming_and_switching_call_nobody(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
        change_endpoint(admin.member, endpoint.id, version=1, name="Other", enabled=False)
        assert len(server.calls) == 1
    assert Endpoint.objects.get(id=endpoint.id).api_key == KEY


def test_only_enabled_can_be_changed_of_what_people_did_not_add(admin: Person, workspace: Workspace) -> None:
    guide = ensure_guide(workspace.id).endpoint
    with pytest.raises(Invalid, match="built in"):
        change_endpoint(admin.member, guide.id, version=1, name="Mine")
    with pytest.raises(Invalid, match="switched off"):
        remove_endpoint(admin.member, guide.id)
    change_endpoint(admin.member, guide.id, version=1, enabled=False)
    assert list_model_cards(admin.member) == []


def test_a_removed_endpoint_takes_its_cards_along_and_is_told(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
    with hearing(signals.endpoint_removed) as heard:
        remove_endpoint(admin.member, endpoint.id)
    assert not ModelCard.objects.exists()
    fact = {"workspace_id": admin.member.workspace_id, "endpoint_id": endpoint.id}
    assert heard == [(signals.endpoint_removed, fact)]


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_only_admins_manage_endpoints(owner: Person, mate: Person, stranger: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(owner, server)
        card = endpoint.model_cards.get()
        for who, refusal in ((mate, NotAllowed), (stranger, NotFound)):
            with pytest.raises(refusal):
                change_endpoint(who.member, endpoint.id, version=1, enabled=False)
            with pytest.raises(refusal):
                remove_endpoint(who.member, endpoint.id)
            with pytest.raises(refusal):
                refresh_models(who.member, endpoint.id)
            with pytest.raises(refusal):
                change_model_card(who.member, card.id, enabled=False)
            with pytest.raises(refusal):
                endpoint_for(who.member, endpoint.id)
        with pytest.raises(NotAllowed):
            connect(mate, server, name="Mine")
        assert len(server.calls) == 1
    with pytest.raises(NotAllowed):
        list_endpoints(mate.member)
    with pytest.raises(NotAllowed):
        list_model_cards(mate.member, unusable_too=True)
    assert list_endpoints(stranger.member) == []


def test_a_mate_may_use_a_model_and_a_stranger_may_not(owner: Person, mate: Person, stranger: Person) -> None:
    with vendor_beside(lister("a")) as server:
        card = connect(owner, server).model_cards.get()
    assert model_card_for(mate.member, card.id) == card
    assert list_model_cards(stranger.member) == []
    for missing in (card.id, uuid4()):
        with pytest.raises(NotFound) as caught:
            model_card_for(stranger.member, missing)
        assert caught.value.message == NotFound("There is no such model in this workspace. Choose another.").message


def test_a_model_that_is_switched_off_can_be_used_by_nobody(owner: Person, mate: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(owner, server)
    card = endpoint.model_cards.get()
    change_endpoint(owner.member, endpoint.id, version=1, enabled=False)
    with pytest.raises(NotFound):
        model_card_for(mate.member, card.id)
    with pytest.raises(NotFound):
        model_for(card.id)
    assert [c.name for c in list_model_cards(owner.member, unusable_too=True)] == ["a"]


# --- Reads ------------------------------------------------------------------------------------------------------------


def test_lists_cost_one_query_however_long(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries, workspace: Workspace
) -> None:
    for number in range(5):
        endpoint = Endpoint.objects.create(workspace=workspace, name=f"E{number}", wire="mock")
        take_listed(endpoint, [ListedModel(f"m{n}") for n in range(4)])
    with django_assert_num_queries(1):
        listed = list_endpoints(owner.member)
    assert [one.models for one in listed] == [4] * 5
    with django_assert_num_queries(1):
        cards = list_model_cards(owner.member)
        assert {card.endpoint.name for card in cards} == {f"E{number}" for number in range(5)}


def test_a_short_key_shows_nothing_of_itself(owner: Person, workspace: Workspace) -> None:
    for name, key in (("short", "12345678"), ("long", "sk-12345678wxyz"), ("none", "")):
        endpoint = Endpoint(workspace=workspace, name=name, wire="mock")
        endpoint.api_key = key
        endpoint.save()
    shown = {one.endpoint.name: one.key_last4 for one in list_endpoints(owner.member)}
    assert shown == {"short": "", "long": "wxyz", "none": ""}


def test_a_warm_route_asks_no_sql_and_a_change_is_seen_at_once(
    owner: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(owner, server)
    card = endpoint.model_cards.get()
    with django_assert_num_queries(1):
        model = model_for(card.id)
    with django_assert_num_queries(0):
        assert model_for(card.id) is model
    assert (model.route.api_key, model.route.base_url, model.workspace_id) == (
        KEY,
        server.base_url,
        endpoint.workspace_id,
    )
    assert KEY not in repr(model)
    change_model_card(owner.member, card.id, context_window=5000)
    assert model_for(card.id).context_window == 5000


def test_a_key_that_does_not_open_is_named_with_its_remedy(owner: Person, workspace: Workspace) -> None:
    sealed_for_another_row = seal("sk-1234567890abcdef", bound_to="endpoint|another|api_key")
    endpoint = Endpoint.objects.create(workspace=workspace, name="E", wire="mock", sealed_key=sealed_for_another_row)
    take_listed(endpoint, [ListedModel("a")])
    with pytest.raises(EndpointRefused, match="enter the key again"):
        model_for(endpoint.model_cards.get().id)
    (listed,) = list_endpoints(owner.member)
    assert (listed.key_last4, listed.health.state) == ("", "failing")
    assert [message.id for message in check_endpoints(None)] == ["providers.W001"]


def test_a_wire_that_nobody_knows_stops_the_start(workspace: Workspace) -> None:
    Endpoint.objects.create(workspace=workspace, name="E", wire="smoke")
    (message,) = check_endpoints(None)
    assert message.id == "providers.E001"
    assert "smoke" in message.msg
