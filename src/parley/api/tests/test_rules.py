"""Rules through their doors: made, tried, changed, followed, removed; who may; why a model was chosen."""

from typing import Any
from uuid import uuid4

from django.utils import timezone

from parley.bots.tests.made import make_bot, make_card
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import TextPart
from parley.conversations.tests.said import exchange
from parley.engine.models import Generation
from parley.providers.models import Decision, ModelCard
from parley.providers.router.actions import keep_decision
from tests.people import Person, body_of

RULES, MODELS = "/api/v1/rules", "/api/v1/models"


def steps_with(*cards: ModelCard, **step: Any) -> list[dict[str, Any]]:
    return [{"models": [{"model": str(card.id)} for card in cards], **step}]


def made(who: Person, *cards: ModelCard, **fields: Any) -> Any:
    answer = who.browser.post(RULES, {"name": "Cheap first", "steps": steps_with(*cards), **fields})
    assert answer.status_code == 201, answer.content
    return body_of(answer)


def test_a_rule_is_a_model_to_talk_to_once_it_is_live(admin: Person, mate: Person) -> None:
    card = make_card(admin.member.workspace_id, "gpt-x")
    rule = made(admin, card)
    assert (rule["live"], rule["version"]) == (False, 1)
    assert "Cheap first" not in [item["name"] for item in body_of(mate.browser.get(MODELS))["items"]]
    changed = body_of(admin.browser.patch(f"{RULES}/{rule['id']}", {"version": 1, "live": True}))
    assert (changed["live"], changed["version"]) == (True, 2)
    listed = {item["name"]: item for item in body_of(mate.browser.get(MODELS))["items"]}
    assert listed["Cheap first"]["is_rule"]
    assert listed["Cheap first"]["id"] == rule["model"]
    assert listed["Cheap first"]["bot"]
    assert "Rules" not in [item["name"] for item in body_of(admin.browser.get("/api/v1/endpoints"))["items"]]


def test_a_stale_change_is_409_and_a_name_is_given_once(admin: Person) -> None:
    card = make_card(admin.member.workspace_id, "gpt-x")
    rule = made(admin, card)
    assert admin.browser.patch(f"{RULES}/{rule['id']}", {"version": 7, "live": True}).status_code == 409
    again = admin.browser.post(RULES, {"name": " Cheap  first ", "steps": steps_with(card)})
    assert again.status_code == 422


def test_a_rule_names_models_of_its_own_workspace_and_no_rules(admin: Person, stranger: Person) -> None:
    theirs = make_card(stranger.member.workspace_id, "theirs")
    assert admin.browser.post(RULES, {"name": "X", "steps": steps_with(theirs)}).status_code == 404
    rule = made(admin, make_card(admin.member.workspace_id, "gpt-x"))
    itself = [{"models": [{"model": rule["model"]}]}]
    assert admin.browser.post(RULES, {"name": "Y", "steps": itself}).status_code == 404
    assert admin.browser.post(RULES, {"name": "Z", "steps": []}).status_code == 422
    assert stranger.browser.patch(f"{RULES}/{rule['id']}", {"version": 1, "name": "Mine"}).status_code == 404


def test_a_removed_rule_takes_its_card_along(admin: Person) -> None:
    rule = made(admin, make_card(admin.member.workspace_id, "gpt-x"), live=True)
    assert admin.browser.delete(f"{RULES}/{rule['id']}").status_code == 204
    assert body_of(admin.browser.get(RULES))["items"] == []
    assert "Cheap first" not in [item["name"] for item in body_of(admin.browser.get(MODELS))["items"]]


def said(who: Person, text: str) -> Message:
    conversation = Conversation.objects.create(
        workspace_id=who.member.workspace_id, owner_id=who.member.user_id, updated_at=timezone.now()
    )
    return Message.objects.create(conversation=conversation, role="user", parts=[TextPart(text=text)])


def test_a_rule_is_tried_on_ones_own_past_messages_without_asking_anybody(admin: Person, mate: Person) -> None:
    workspace_id = admin.member.workspace_id
    coder, talker = make_card(workspace_id, "coder"), make_card(workspace_id, "talker")
    ModelCard.objects.filter(id=coder.id).update(input_price=1.0, output_price=2.0)
    said(mate, "a secret of somebody else")
    mine = said(admin, "Fix this Python function: def f(x): return x+")
    said(admin, "Who was first on the moon?")
    steps = [*steps_with(coder, when={"kinds": ["code"]}), *steps_with(talker)]
    tried = body_of(admin.browser.post(f"{RULES}/try", {"steps": steps}))["items"]
    assert [one["model"] for one in tried] == ["talker", "coder"]
    assert tried[1]["message"] == str(mine.id)
    assert tried[1]["then"] == ["talker"]
    assert 0.001 < tried[1]["dollars"] < 0.0011
    assert tried[0]["dollars"] is None
    assert "secret" not in str(tried)
    assert mate.browser.post(f"{RULES}/try", {"steps": steps}).status_code == 403
    assert not Decision.objects.exists()


def test_why_this_model_is_told_to_who_may_see_the_reply(admin: Person) -> None:
    unknown = admin.browser.get(f"/api/v1/generations/{uuid4()}/decision")
    assert unknown.status_code == 404


def test_why_an_answer_came_from_this_model_is_told_to_its_owner_alone(admin: Person, mate: Person) -> None:
    rule = made(admin, make_card(admin.member.workspace_id, "gpt-x"))
    posted = exchange(admin.member, bot_id=make_bot(admin.member.workspace_id).id)
    generation = Generation.objects.create(message_id=posted.answer_id)
    keep_decision(
        workspace_id=admin.member.workspace_id,
        generation_id=generation.id,
        rule_id=rule["id"],
        model="gpt-x",
        reasons=["because"],
        took_us=5,
    )
    path = f"/api/v1/messages/{posted.answer_id}/decision"
    told = body_of(admin.browser.get(path))
    assert (told["rule"], told["model"], told["reasons"]) == ("Cheap first", "gpt-x", ["because"])
    assert mate.browser.get(path).status_code == 404


def test_a_decision_that_is_written_twice_is_one(admin: Person) -> None:
    generation_id, rule_id = uuid4(), uuid4()
    for model in ("first", "second"):
        keep_decision(
            workspace_id=admin.member.workspace_id,
            generation_id=generation_id,
            rule_id=rule_id,
            model=model,
            reasons=["because"],
            took_us=5,
        )
    assert Decision.objects.get(generation_id=generation_id).model == "second"
