"""F-12, F-14: the same post twice is one post, and many tabs see the same."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from tests.chaos.auditor import audit
from tests.chaos.browser import Browser, browsers
from tests.chaos.conftest import ENDLESS, QUICK, ROUNDS, on_both
from tests.chaos.rest import Answer, Rest
from tests.chaos.stack import Stack
from tests.chaos.transcript import Frame, Post, Transcript

AT_ONCE = 20
TABS = 3
STEPS = 60
IN_ORDER = ("message.added", "conversation.renamed", "conversation.leaf_chosen", "conversation.deleted")


def words(text: str) -> list[dict[str, str]]:
    return [{"type": "text", "text": text}]


def new_key(dice: random.Random) -> str:
    return str(UUID(int=dice.getrandbits(128), version=4))


@on_both
async def test_twenty_posts_with_one_key_at_once_are_one_post(shared: Stack, dice: random.Random, seed: int) -> None:
    """F-12: over REST, all at once, in a conversation that exists; and once more when it is long done."""
    bot = shared.bot_of(QUICK)
    async with Rest(shared.door()) as rest:
        conversation = (await rest.call("POST", "conversations", {"bot": bot})).body["id"]
        key = new_key(dice)
        body = {"key": key, "parts": words(f"Only once, {key}")}
        posts = [rest.call("POST", f"conversations/{conversation}/messages", body) for _ in range(AT_ONCE)]
        answers = await asyncio.gather(*posts)
        assert {answer.status for answer in answers} == {202}, [answer.body for answer in answers]
        assert len({answer.body["generation"] for answer in answers}) == 1
        again = await rest.call("POST", f"conversations/{conversation}/messages", body)
        assert again.body == answers[0].body
        other = await rest.call(
            "POST", f"conversations/{conversation}/messages", {"key": key, "parts": words("Something else")}
        )
        assert (other.status, other.body["code"]) == (409, "key_reused")
        opened = await rest.call("GET", f"conversations/{conversation}")
        assert len(opened.body["messages"]) == 2


@on_both
async def test_a_post_whose_answer_is_lost_is_sent_again_and_made_once(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    """F-12: the network takes the post and loses the ack, again and again."""
    transcript, bot = Transcript(), shared.bot_of(QUICK)
    greeting = await asyncio.to_thread(lambda: shared.greeting_bytes)
    async with browsers(10, shared.door, transcript, dice) as tabs:
        for tab in tabs:
            tab.longest_wait_s = 0.3
        for _ in range(2 * ROUNDS):
            shared.front.behave("drop_after", greeting + dice.uniform(150, 700))
            shared.front.cut()
            posts = [tab.post("Did you get this? {key}", bot=bot) for tab in tabs]
            await asyncio.sleep(dice.uniform(0.5, 1.5))
            shared.front.behave("pass")
            shared.front.cut()
            for tab, post in zip(tabs, posts, strict=True):
                await tab.acked(post)
                await tab.ended(post.generation)
    found = audit(shared, transcript, seed=seed)
    found.check()
    sendings = sum(post.sendings for post in transcript.posts.values())
    print(f"{len(transcript.posts)} posts were sent {sendings} times")
    assert sendings > len(transcript.posts)


class Somebody:
    """One of several tabs of a person, doing whatever comes to mind in conversations that all of them see."""

    def __init__(self, tab: Browser, rest: Rest, stack: Stack, shown: dict[str, Frame]) -> None:
        self.tab, self.rest, self.stack, self.shown = tab, rest, stack, shown
        self.dice, self.transcript = tab.dice, tab.transcript
        self.bots = [stack.bot_of(QUICK), stack.bot_of("mock-20x30-think:200"), stack.bot_of(ENDLESS)]
        self.refused: list[tuple[str, int]] = []

    async def act(self) -> None:
        acts: list[Callable[[], Coroutine[Any, Any, None]]] = [self.begin, self.say, self.say, self.say]
        acts += [self.edit, self.regenerate, self.stop, self.stop, self.rename, self.branch, self.delete]
        await self.dice.choice(acts)()
        await asyncio.sleep(self.dice.uniform(0, 0.1))

    async def begin(self) -> None:
        await self._heard(self.tab.post("Hello {key}", bot=self.dice.choice(self.bots)))

    async def say(self) -> None:
        conversation = self._any()
        if conversation:
            post = self.tab.post("And then? {key}", conversation=conversation, bot=self.dice.choice(self.bots))
            await self._heard(post)

    async def edit(self) -> None:
        message = await self._message("user")
        if message:
            key = new_key(self.dice)
            body = {"key": key, "parts": words(f"Rather this: {key}")}
            await self._asked(f"messages/{message['id']}/edit", body)

    async def regenerate(self) -> None:
        message = await self._message("assistant")
        if message:
            await self._asked(f"messages/{message['id']}/regenerate", {"key": new_key(self.dice)}, of=message)

    async def stop(self) -> None:
        live = [generation for generation, fold in self.tab.folds.items() if not fold.end]
        if live:
            self.tab.stop(self.dice.choice(live))

    async def rename(self) -> None:
        """With a version that another tab may have made stale meanwhile: then it must be refused (N10)."""
        conversation = self._any()
        if not conversation:
            return
        read = await self.rest.call("GET", f"conversations/{conversation}")
        await asyncio.sleep(self.dice.uniform(0, 0.1))
        if read.status == 200:
            change = {"title": f"by {self.tab.name} {self.dice.random()}", "version": read.body["version"]}
            self._note("rename", await self.rest.call("PATCH", f"conversations/{conversation}", change))

    async def branch(self) -> None:
        message = await self._message("assistant")
        if message:
            path = f"conversations/{message['conversation']}"
            self._note("branch", await self.rest.call("PATCH", path, {"leaf": message["id"]}))

    async def delete(self) -> None:
        conversation = self._any()
        if conversation and self.dice.random() < 0.2:
            self.transcript.deleted.add(conversation)
            self.shown.pop(conversation, None)
            self._note("delete", await self.rest.call("DELETE", f"conversations/{conversation}"))

    def _any(self) -> str | None:
        return self.dice.choice(sorted(self.shown)) if self.shown else None

    async def _heard(self, post: Post) -> None:
        await self.tab.until(lambda: bool(post.ack or post.refusal), within_s=60, what="an answer to a post")
        if post.ack:
            self.shown.setdefault(post.ack["conversation"], {})
        elif post.refusal:
            self.refused.append(("say", 409 if post.refusal["code"] == "conflict" else 0))
            assert post.refusal["code"] in ("conflict", "not_found", "invalid"), post.refusal

    async def _message(self, role: str) -> Frame | None:
        conversation = self._any()
        if not conversation:
            return None
        read = await self.rest.call("GET", f"conversations/{conversation}")
        if read.status != 200:
            assert (read.status, conversation in self.transcript.deleted) == (404, True), read
            return None
        messages = [message for message in read.body["messages"] if message["role"] == role]
        return {**self.dice.choice(messages), "conversation": conversation} if messages else None

    async def _asked(self, path: str, body: Frame, of: Frame | None = None) -> None:
        answer = await self.rest.call("POST", path, body)
        self._note(path.rpartition("/")[2], answer)
        if answer.status == 202:
            post = Post(body["key"], body, 0.0, ack=answer.body)
            post.question = self._question_of(answer.body["message"]) if of else ""
            self.transcript.posts[post.key] = post
            self.tab.follow(answer.body["generation"])

    def _question_of(self, message: str) -> str:
        return next(
            post.question or post.key
            for post in self.transcript.posts.values()
            if post.ack and post.ack["message"] == message
        )

    def _note(self, what: str, answer: Answer) -> None:
        assert answer.status in (200, 202, 204, 404, 409, 422), (what, answer)
        if answer.status >= 400:
            self.refused.append((what, answer.status))


@on_both
async def test_three_tabs_that_do_anything_at_once_end_up_with_the_same(
    shared: Stack, dice: random.Random, seed: int
) -> None:
    """F-14, N10: send, edit, regenerate, stop, rename, branch, delete, at random, in the same conversations."""
    transcript = Transcript()
    shown: dict[str, Frame] = {}
    async with Rest(shared.door()) as rest, browsers(TABS, shared.door, transcript, dice) as tabs:
        people = [Somebody(tab, rest, shared, shown) for tab in tabs]
        for tab in tabs:
            tab.follows_all = True
            await tab.ask("Hello {key}", bot=shared.bot_of(QUICK))

        async def be_busy(somebody: Somebody) -> None:
            for _ in range(STEPS * ROUNDS // TABS):
                await somebody.act()

        await asyncio.gather(*map(be_busy, people))
        await quiet(tabs, transcript)
        for somebody in people:
            print(f"{somebody.tab.name} was refused {len(somebody.refused)} times: {sorted(set(somebody.refused))}")
        told = [[fact for fact in tab.facts if fact["name"] in IN_ORDER] for tab in tabs]
    if shared.database == "SQLite":
        assert told[0] == told[1] == told[2]
    else:  # web hosts tell their own tabs first, so that what two of them did at once comes in this order or that
        assert everything_in(told[0]) == everything_in(told[1]) == everything_in(told[2])
    audit(shared, transcript, seed=seed).check()
    readings: dict[str, set[tuple[int, str]]] = {}
    for (_, generation), fold in transcript.folds.items():
        readings.setdefault(generation, set()).add((fold.seq, fold.text))
    assert all(len(reading) == 1 for reading in readings.values())
    assert (
        len([1 for (name, _) in transcript.folds if name == "browser 0"]) >= TABS
    )  # at the least what each began with


def everything_in(facts: list[Frame]) -> Counter[str]:
    """How often each was told."""
    return Counter(str(sorted(fact.items())) for fact in facts)


async def quiet(tabs: list[Browser], transcript: Transcript) -> None:
    """Stop what would never end, and wait until every tab has read every answer to its end."""
    for tab in tabs:
        for _ in range(60):
            there = transcript.generations
            live = [one for one, fold in tab.folds.items() if not fold.end and one in there]
            if not live:
                break
            for generation in live:
                tab.stop(generation)
            await asyncio.sleep(0.5)
        assert not live, f"{tab.name} still reads {live}"
