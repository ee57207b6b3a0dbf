"""Whatever a person does, in whatever order, no message is lost or changed, and every chain of parents holds."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from parley.bots.models import Bot
from parley.conversations import actions
from parley.conversations.models import Conversation, Message
from parley.conversations.parts import Part
from parley.conversations.queries import history
from parley.conversations.receipts import Posted
from parley.conversations.tests.said import text
from parley.core.errors import Conflict, Invalid
from tests.people import Person

words = st.text(alphabet="abc ", min_size=1, max_size=5).map(lambda said: f"x{said}")
endings = st.sampled_from(["completed", "stopped", "failed", "interrupted"])


class Tree(RuleBasedStateMachine):
    """A model of one conversation: what was said, under what. `member` is set by the test."""

    member: Person
    messages = Bundle("messages")
    answers = Bundle("answers")

    @initialize(target=answers)
    def begin(self) -> UUID:
        self.said: dict[UUID, list[Part]] = {}
        self.parents: dict[UUID, UUID | None] = {}
        self.ended: set[UUID] = set()
        posted = actions.post_message(self.member.member, text("first"), key=uuid4())
        self.conversation: UUID = posted.conversation_id
        return self.note(posted, text("first"), None)

    def note(self, posted: Posted, parts: list[Part] | None, parent: UUID | None) -> UUID:
        if parts is not None:
            assert posted.message_id not in self.said
            self.said[posted.message_id], self.parents[posted.message_id] = parts, parent
        assert posted.answer_id not in self.said
        self.said[posted.answer_id], self.parents[posted.answer_id] = [], posted.message_id
        assert self.leaf() == posted.answer_id
        return posted.answer_id

    def leaf(self) -> UUID | None:
        return Conversation.objects.get(id=self.conversation).leaf_id

    @rule(target=answers, said=words, parent=st.none() | answers)
    def post(self, said: str, parent: UUID | None) -> UUID:
        before = self.leaf()
        try:
            with transaction.atomic():
                posted = actions.post_message(
                    self.member.member, text(said), key=uuid4(), conversation_id=self.conversation, parent_id=parent
                )
        except Conflict:
            assert parent not in self.ended
            assert self.leaf() == before
            assert parent is not None
            return parent
        assert parent is None or parent in self.ended
        return self.note(posted, text(said), parent)

    @rule(target=answers, said=words, answer=answers)
    def edit_the_question_of(self, said: str, answer: UUID) -> UUID:
        question = self.parents[answer]
        assert question is not None
        posted = actions.edit_message(self.member.member, question, text(said), key=uuid4())
        return self.note(posted, text(said), self.parents[question])

    @rule(target=answers, answer=answers)
    def regenerate(self, answer: UUID) -> UUID:
        try:
            with transaction.atomic():
                posted = actions.regenerate(self.member.member, answer, key=uuid4())
        except Conflict:
            assert answer not in self.ended
            return answer
        assert answer in self.ended
        assert posted.message_id == self.parents[answer]
        return self.note(posted, None, None)

    @rule(target=answers, answer=answers)
    def go_on(self, answer: UUID) -> UUID:
        try:
            with transaction.atomic():
                posted = actions.continue_answer(self.member.member, answer, key=uuid4())
        except (Conflict, Invalid):
            return answer
        assert answer in self.ended
        return self.note(posted, None, None)

    @rule(answer=answers, said=words, status=endings)
    def end(self, answer: UUID, said: str, status: actions.Ended) -> None:
        changed = actions.end_answer(answer, parts=text(said), status=status)
        assert changed == (answer not in self.ended)
        if changed:
            self.said[answer] = text(said)
            self.ended.add(answer)

    @rule(answer=answers, inner=st.booleans())
    def choose(self, answer: UUID, inner: bool) -> None:
        named = self.parents[answer] if inner else answer
        assert named is not None
        leaf = actions.choose_leaf(self.member.member, self.conversation, named)
        assert self.leaf() == leaf
        assert named in self.chain(leaf)
        assert leaf not in self.parents.values()

    def chain(self, message_id: UUID) -> list[UUID]:
        """Root first."""
        chain: list[UUID] = []
        step: UUID | None = message_id
        while step is not None:
            chain.insert(0, step)
            step = self.parents[step]
        return chain

    @invariant()
    def nothing_is_lost_or_changed(self) -> None:
        rows = Message.objects.filter(conversation_id=self.conversation)
        assert {row.id: row.parts for row in rows} == self.said
        assert {row.id: row.parent_id for row in rows} == self.parents

    @invariant()
    def what_is_shown_is_a_chain_to_a_root(self) -> None:
        leaf = self.leaf()
        assert leaf is not None
        assert [row.id for row in history(leaf)] == self.chain(leaf)
        assert [row.role for row in history(leaf)] == ["user", "assistant"] * (len(self.chain(leaf)) // 2)


@pytest.mark.parametrize("examples", [40])
def test_the_tree_keeps_every_message_whatever_a_person_does(examples: int, owner: Person, bot: Bot) -> None:
    class TreeOfOwner(Tree):
        member = owner

    run_state_machine_as_test(
        TreeOfOwner,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
