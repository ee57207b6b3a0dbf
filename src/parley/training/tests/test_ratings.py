"""Thumbs through their door, as owner, team mate, stranger and nobody; and the scores that follow from them."""

from typing import Any

import pytest

from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Conversation, Message
from parley.conversations.tests.said import exchange, message
from parley.engine.models import Generation
from parley.providers.models import RULE_WIRE, Decision, ModelCard, Rule
from parley.training.models import Rating
from tests.people import Browser, Person


def answer_of(who: Person, card: ModelCard | None = None) -> Message:
    """An answer in a conversation of theirs."""
    bot = make_bot(who.member.workspace_id, card=card)
    return message(exchange(who.member, bot_id=bot.id).answer_id)


def rate(who: Person, answer: Message, value: int, **more: object) -> Any:
    return who.browser.post(f"/api/v1/messages/{answer.id}/rating", {"value": value, **more})


def standing(who: Person) -> Any:
    return who.browser.get("/api/v1/ratings").json()


def test_a_thumb_is_kept_changed_and_taken_back(owner: Person) -> None:
    answer = answer_of(owner)
    path = f"/api/v1/conversations/{answer.conversation_id}/ratings"
    assert rate(owner, answer, 1).json() == {"message": str(answer.id), "value": 1, "reason": ""}
    assert rate(owner, answer, -1, reason="wrong").status_code == 200
    assert owner.browser.get(path).json()["items"] == [{"message": str(answer.id), "value": -1, "reason": "wrong"}]
    assert rate(owner, answer, 0).json()["value"] == 0
    assert owner.browser.get(path).json()["items"] == []
    assert not Rating.objects.exists()


def test_a_score_is_the_share_of_good_ratings_and_few_say_little(owner: Person) -> None:
    card = make_card(owner.member.workspace_id, label="Small model")
    answers = [answer_of(owner, card) for _ in range(4)]
    rate(owner, answers[0], 1)
    card.refresh_from_db()
    assert card.score == pytest.approx(3 / 5)
    assert card.ratings == 1
    for answer in answers[1:]:
        rate(owner, answer, 1)
    card.refresh_from_db()
    assert card.score == pytest.approx(6 / 8)
    rate(owner, answers[3], -1)
    (model,) = standing(owner)["models"]
    assert (model["label"], model["likes"], model["dislikes"]) == ("Small model", 3, 1)
    assert model["score"] == pytest.approx(5 / 8)
    for answer in answers:
        rate(owner, answer, 0)
    card.refresh_from_db()
    assert card.score is None
    assert not card.ratings


def test_bots_stand_beside_models_and_a_mate_sees_sums(owner: Person, mate: Person, stranger: Person) -> None:
    rate(owner, answer_of(owner), 1)
    seen = standing(mate)
    assert [(bot["label"], bot["likes"], bot["score"]) for bot in seen["bots"]] == [("Helper", 1, None)]
    assert len(seen["models"]) == 1
    assert standing(stranger) == {"models": [], "bots": []}
    assert Browser().get("/api/v1/ratings").status_code == 401


@pytest.mark.parametrize("who", ["mate", "stranger"])
def test_somebody_elses_answer_is_not_found(owner: Person, who: str, request: pytest.FixtureRequest) -> None:
    answer = answer_of(owner)
    other: Person = request.getfixturevalue(who)
    assert rate(other, answer, 1).status_code == 404
    assert other.browser.get(f"/api/v1/conversations/{answer.conversation_id}/ratings").status_code == 404
    assert not Rating.objects.exists()


def test_what_cannot_be_rated_says_why(owner: Person) -> None:
    answer = answer_of(owner)
    assert answer.parent
    assert rate(owner, answer.parent, 1).status_code in (400, 422)
    assert rate(owner, answer, 2).status_code in (400, 422)
    assert rate(owner, answer, -1, reason="because").status_code in (400, 422)
    Message.objects.filter(id=answer.id).update(status=Message.Status.WRITING)
    assert rate(owner, answer, 1).status_code == 409


def test_where_a_rule_chose_the_model_that_answered_is_rated(owner: Person) -> None:
    workspace_id = owner.member.workspace_id
    real = make_card(workspace_id, "real")
    stands = make_card(workspace_id, "rule", endpoint="Rules")
    stands.endpoint.wire = RULE_WIRE
    stands.endpoint.save()
    rule = Rule.objects.create(card=stands)
    answer = answer_of(owner, stands)
    generation = Generation.objects.create(message=answer, status=Generation.Status.COMPLETED)
    Decision.objects.create(workspace_id=workspace_id, generation_id=generation.id, rule=rule, model="real")
    rate(owner, answer, 1)
    real.refresh_from_db()
    assert real.ratings == 1
    assert Rating.objects.get().model_card_id == real.id


def test_a_rating_outlives_its_conversation_but_not_its_person(owner: Person, mate: Person) -> None:
    answer = answer_of(mate)
    rate(mate, answer, 1)
    mate.browser.delete(f"/api/v1/conversations/{answer.conversation_id}")
    assert not Conversation.objects.exists()
    assert standing(owner)["models"][0]["likes"] == 1
    mate.user.delete()
    assert not Rating.objects.exists()
