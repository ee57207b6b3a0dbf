"""One row of every kind that has a door of its own, all of them one person's, so that others can be seen to knock in vain."""

from typing import Any
from uuid import UUID, uuid4

from parley.accounts.actions import issue_sign_in_link
from parley.accounts.models import User
from parley.bots.tests.made import make_card
from parley.bots.trials import playground_bot
from parley.conversations.models import Conversation
from parley.conversations.tests.said import exchange
from parley.engine.models import Generation
from parley.keeping.archives import archive_conversation
from parley.keeping.models import Export, Import
from parley.playground.models import Comparison
from parley.providers.models import Decision
from tests.people import Browser, Person, body_of

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
# What the whole workspace shares: its admins reach it, and what its members may do there is told where it lives.
OF_ALL = frozenset({"people", "invitations", "endpoints", "models", "rules"})


def belongings_of(person: Person) -> dict[str, str]:
    """Kind (the path of a door before its `{id}`) → the id of a row. Nothing here is shared with anybody."""
    shared = _of_the_workspace(person)
    own = _of_their_own(person, shared["models"])
    return {**shared, **own, **_said(person, own["bots"]), **_taken_along(person, own["bots"])}


def _of_the_workspace(person: Person) -> dict[str, str]:
    card = make_card(person.member.workspace_id, "small", endpoint=f"Vendor of {person.user.name}", input_price=1.0)
    steps = [{"models": [{"model": str(card.id)}]}]
    return {
        "people": str(person.user.id),
        "invitations": _made(person, "invitations", {"role": "member"}),
        "endpoints": str(card.endpoint_id),
        "models": str(card.id),
        "rules": _made(person, "rules", {"name": "By need", "steps": steps}),
    }


def _of_their_own(person: Person, model: str) -> dict[str, str]:
    picture = person.browser.generic("POST", "/api/v1/files?name=face.png", PNG, content_type="image/png")
    file = person.browser.generic("POST", "/api/v1/files?name=a.txt", b"hello", content_type="text/plain")
    face = body_of(picture)["id"]
    bot = {"name": "Secretary", "model": model, "picture": face, "audience": {"who": "maker"}}
    return {
        "bots": _made(person, "bots", bot),
        "pictures": face,
        "files": body_of(file)["id"],
        "keys": _made(person, "keys", {"name": "laptop"}),
        "sessions": _signed_in_elsewhere(person),
        "folders": _made(person, "folders", {"name": "Work"}),
        "prompts": _made(person, "prompts", {"name": "letter", "text": "Dear {{name}}"}),
        "playground/presets": _made(person, "playground/presets", {"name": "North", "setup": {}}),
    }


def _said(person: Person, bot: str) -> dict[str, str]:
    said = exchange(person.member, "Where is north?", "Up.", bot_id=UUID(bot))
    generation = Generation.objects.create(message_id=said.answer_id, status=Generation.Status.COMPLETED)
    Decision.objects.create(
        workspace_id=person.member.workspace_id, generation_id=generation.id, model="small", reasons=[], took_us=1
    )
    run = exchange(person.member, "Which way?", "Up.", bot_id=UUID(bot)).conversation_id
    Conversation.objects.filter(id=run).update(bot_id=playground_bot(person.member))
    Comparison.objects.create(conversation_id=run)
    return {
        "conversations": str(said.conversation_id),
        "messages": str(said.answer_id),
        "generations": str(generation.id),
        "playground/runs": str(run),
        "shares": _made(person, f"conversations/{said.conversation_id}/shares", {"days": 7}),
    }


def _taken_along(person: Person, bot: str) -> dict[str, str]:
    whose: dict[str, Any] = {"workspace_id": person.member.workspace_id, "owner": User.objects.get(id=person.user.id)}
    put_away = exchange(person.member, "To be put away", bot_id=UUID(bot)).conversation_id
    archive_conversation(person.member, put_away)
    return {
        "archives": str(put_away),
        "exports": str(Export.objects.create(id=uuid4(), **whose).id),
        "imports": str(Import.objects.create(id=uuid4(), name="chats.zip", **whose).id),
    }


def _signed_in_elsewhere(person: Person) -> str:
    phone = Browser()
    phone.get(f"/sign-in/{issue_sign_in_link(person.user.id)}")
    return str(body_of(phone.get("/api/v1/sessions"))["items"][0]["id"])


def _made(person: Person, path: str, body: dict[str, Any]) -> str:
    answer = person.browser.post(f"/api/v1/{path}", body)
    assert answer.status_code == 201, (path, answer.content)
    return str(body_of(answer)["id"])
