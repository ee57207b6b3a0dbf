"""Model cards: what vendors list, what people type and correct, and how they are found."""

import pytest
from pytest_django import DjangoAssertNumQueries

from parley.accounts.models import Workspace
from parley.core.errors import Invalid
from parley.providers import signals
from parley.providers.actions import (
    add_endpoint,
    add_model_card,
    change_endpoint,
    change_model_card,
    refresh_models,
)
from parley.providers.models import Endpoint
from parley.providers.profiles import Price
from parley.providers.queries import list_model_cards
from parley.providers.tests.connected import KEY, connect, hearing, names
from parley.providers.tests.vendor_server import DONE, STOP, Call, lister, said, vendor_beside
from parley.providers.unasked import ensure_guide, take_listed
from parley.providers.wire.base import ListedModel
from tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)  # facts are told on commit


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
