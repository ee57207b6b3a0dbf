"""Endpoints and cards: connecting, changing, removing, refreshing; who may; what is told to other rooms."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from django.dispatch import Signal
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Workspace
from parley.core.errors import Conflict, EndpointRefused, Invalid, NotAllowed, NotFound
from parley.core.seal import seal
from parley.providers import signals
from parley.providers.access import endpoint_for, model_card_for
from parley.providers.actions import (
    add_endpoint,
    add_model_card,
    change_endpoint,
    change_model_card,
    refresh_models,
    remove_endpoint,
)
from parley.providers.breaker import health_of
from parley.providers.checks import check_endpoints
from parley.providers.models import Endpoint, ModelCard
from parley.providers.profiles import Price
from parley.providers.queries import list_endpoints, list_model_cards
from parley.providers.routes import model_for
from parley.providers.tests.vendor_server import DONE, STOP, Call, VendorServer, lister, said, vendor_beside
from parley.providers.unasked import ensure_guide, take_listed
from parley.providers.wire.base import ListedModel
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)  # facts are told on commit

KEY = "sk-right-1234567890"


@contextmanager
def hearing(*watched: Signal) -> Iterator[list[tuple[Signal, dict[str, Any]]]]:
    """The facts that are announced meanwhile."""
    heard: list[tuple[Signal, dict[str, Any]]] = []

    def hear(signal: Signal, sender: object, **fact: Any) -> None:
        heard.append((signal, fact))

    for signal in watched:
        signal.connect(hear, weak=False)
    try:
        yield heard
    finally:
        for signal in watched:
            signal.disconnect(hear)


def connect(who: Person, server: VendorServer, name: str = "Vendor", key: str = KEY) -> Endpoint:
    return add_endpoint(who.member, name=name, wire="openai", base_url=server.base_url, api_key=key)


def names(endpoint: Endpoint, **which: object) -> list[str]:
    return sorted(endpoint.model_cards.filter(**which).values_list("name", flat=True))


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


# --- Cards ------------------------------------------------------------------------------------------------------------


def test_a_model_that_is_listed_no_more_goes_out_of_use_and_comes_back(admin: Person) -> None:
    listed = ["a", "b"]

    async def answer(call: Call) -> None:
        await lister(*listed, key=KEY)(call)

    with vendor_beside(answer) as server:
        endpoint = connect(admin, server)
        listed.remove("a")
        with hearing(signals.model_card_changed, signals.model_card_added) as heard:
            refresh_models(admin.member, endpoint.id)
        assert [card.name for card in list_model_cards(admin.member)] == ["b"]
        assert [signal for signal, _ in heard] == [signals.model_card_changed]
        listed.append("a")
        refresh_models(admin.member, endpoint.id)
    assert [card.name for card in list_model_cards(admin.member)] == ["a", "b"]


def test_a_refresh_leaves_what_people_corrected(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
        card = endpoint.model_cards.get()
        change_model_card(admin.member, card.id, label="Best", context_window=1000, tools=True, enabled=False)
        refresh_models(admin.member, endpoint.id)
    card.refresh_from_db()
    assert (card.label, card.context_window, card.tools, card.enabled) == ("Best", 1000, True, False)


@pytest.mark.parametrize("window", [0, -5, 511, 20_000_001, 10**30])
def test_a_context_window_must_make_sense(admin: Person, workspace: Workspace, window: int) -> None:
    card = ensure_guide(workspace.id)
    with pytest.raises(Invalid, match="tokens"):
        change_model_card(admin.member, card.id, context_window=window)


def test_two_processes_may_list_at_the_same_moment(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
    stale = Endpoint.objects.get(id=endpoint.id)
    with hearing(signals.model_card_added) as heard:
        take_listed(stale, [ListedModel("a"), ListedModel("b")])
        take_listed(stale, [ListedModel("a"), ListedModel("b")])
    assert len(heard) == 1


def test_the_guide_is_made_once(workspace: Workspace) -> None:
    first, second = ensure_guide(workspace.id), ensure_guide(workspace.id)
    assert first == second
    assert (first.name, first.is_guide, first.prefill, first.endpoint.source) == (
        "parley-guide",
        True,
        True,
        "built-in",
    )


def test_the_guide_finds_a_name_where_people_took_its_own(admin: Person) -> None:
    with vendor_beside(lister("a")) as server:
        connect(admin, server, name="Parley")
    assert ensure_guide(admin.member.workspace_id).endpoint.name != "Parley"


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


# --- Typed models, corrected facts, search ----------------------------------------------------------------------------


async def _no_list(call: Call) -> None:
    """A vendor that answers, but lists nothing."""
    if call.path.endswith("/models"):
        await call.json({"error": {"message": "Not Found"}}, 404)
    elif call.body["model"] == "wrong":
        await call.json({"error": {"message": "The model `wrong` does not exist"}}, 404)
    else:
        await call.chunked(said("hi"), STOP, DONE)


def test_a_vendor_without_a_list_is_connected_by_typed_names_once_one_has_said_a_word(admin: Person) -> None:
    with vendor_beside(_no_list) as server:
        typed = {"name": "V", "wire": "openai", "base_url": server.base_url, "api_key": KEY}
        with pytest.raises(Invalid, match="404"):
            add_endpoint(admin.member, **typed)
        with pytest.raises(Invalid, match="does not exist"):
            add_endpoint(admin.member, **typed, models=["wrong"])
        assert not Endpoint.objects.exists()
        endpoint = add_endpoint(admin.member, **typed, models=[" gpt-4o ", "mine", "mine"])
        assert names(endpoint, typed=True) == ["gpt-4o", "mine"]
        add_model_card(admin.member, endpoint.id, "third")
        with pytest.raises(Invalid, match="already"):
            add_model_card(admin.member, endpoint.id, "third")
        with pytest.raises(Invalid, match="does not exist"):
            add_model_card(admin.member, endpoint.id, "wrong")
        change_endpoint(admin.member, endpoint.id, version=1, api_key=KEY + "2")
    assert names(endpoint, available=True) == ["gpt-4o", "mine", "third"]
    assert endpoint.model_cards.get(name="gpt-4o").context_window == 128_000


@pytest.mark.parametrize("name", ["", "two words", "x" * 201, "a\0b"])
def test_a_name_that_no_model_has_is_not_taken(admin: Person, name: str) -> None:
    with vendor_beside(lister("a")) as server:
        endpoint = connect(admin, server)
        with pytest.raises(Invalid):
            add_model_card(admin.member, endpoint.id, name)


def test_a_typed_model_stays_whatever_the_vendor_lists(admin: Person) -> None:
    with vendor_beside(_no_list) as server:
        endpoint = add_endpoint(
            admin.member, name="V", wire="openai", base_url=server.base_url, api_key=KEY, models=["mine"]
        )
    take_listed(endpoint, [ListedModel("listed")])
    take_listed(endpoint, [])
    assert names(endpoint, available=True) == ["mine"]


def test_a_card_follows_what_the_vendor_says_but_for_what_a_person_has_corrected(admin: Person) -> None:
    with vendor_beside(lister("m")) as server:
        endpoint = connect(admin, server)
    card = endpoint.model_cards.get()
    change_model_card(admin.member, card.id, vision=True, input_price=1.5)
    take_listed(endpoint, [ListedModel("m", context_window=9000, vision=False, tools=True, price=Price(7, 8))])
    card.refresh_from_db()
    assert (card.context_window, card.tools, card.output_price) == (9000, True, 8)
    assert (card.vision, card.input_price) == (True, 1.5)


@pytest.mark.parametrize("price", [-1, 1e6])
def test_a_price_beyond_reason_is_not_taken(admin: Person, price: float) -> None:
    with vendor_beside(lister("m")) as server:
        card = connect(admin, server).model_cards.get()
    with pytest.raises(Invalid, match="dollars"):
        change_model_card(admin.member, card.id, input_price=price)


def test_models_are_found_by_words_of_their_names(
    admin: Person, mate: Person, stranger: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with vendor_beside(lister("gpt-4o", "gpt-4o-mini", "claude-opus-5")) as server:
        connect(admin, server, "Acme")
    with django_assert_num_queries(1):
        found = [card.name for card in list_model_cards(mate.member, words="acme 4O mini")]
    assert found == ["gpt-4o-mini"]
    assert list_model_cards(mate.member, words="acme nothing") == []
    assert list_model_cards(stranger.member, words="gpt") == []
