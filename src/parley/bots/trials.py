"""Settings that a person tries out in the playground: versions of a bot that is in no list and talks to nobody.

So an answer of the playground is written as every other is. What was tried before is found again, and makes no new version.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from parley.accounts.access import Member
from parley.bots.drafts import Draft, check_draft
from parley.bots.models import Bot, BotVersion
from parley.providers.access import model_card_for


def playground_bot(member: Member) -> UUID:
    """This person's, made when it is first asked for."""
    bot, _ = Bot.objects.get_or_create(
        workspace_id=member.workspace_id,
        playground_of_id=member.user_id,
        defaults={"made_by_id": member.user_id, "archived_at": timezone.now(), "version_number": 0},
    )
    return bot.id


def playground_bot_if_any(member: Member) -> QuerySet[Bot, UUID]:
    """Its id, for the condition of another query: looking makes nothing."""
    return Bot.objects.filter(workspace_id=member.workspace_id, playground_of_id=member.user_id).values_list(
        "id", flat=True
    )


def versions_on_trial(member: Member, drafts: Sequence[Draft]) -> list[UUID]:
    """A version for each draft, in their order. Raises `Invalid`, and `NotFound` for a model that is not theirs to use."""
    for draft in drafts:
        check_draft(draft)
        if draft.model_card_id:
            model_card_for(member, draft.model_card_id)
    bot_id = playground_bot(member)
    with transaction.atomic():
        return [_find_version(bot_id, draft) or _add_version(member, bot_id, draft) for draft in drafts]


def is_of_playground(member: Member, bot_id: UUID | None) -> bool:
    if bot_id is None:
        return False
    return Bot.objects.filter(id=bot_id, playground_of_id=member.user_id, workspace_id=member.workspace_id).exists()


def forget_trials(user_id: UUID) -> None:
    """A person goes, and with them the words they tried out. The rows stay: messages have no index by version."""
    BotVersion.objects.filter(bot__playground_of_id=user_id).update(system_prompt="", parameters={})


def _find_version(bot_id: UUID, draft: Draft) -> UUID | None:
    same = BotVersion.objects.filter(
        bot_id=bot_id,
        name=draft.name.strip(),
        system_prompt=draft.system_prompt,
        model_card_id=draft.model_card_id,
        parameters=draft.parameters.stored(),
    )
    return same.values_list("id", flat=True).first()


def _add_version(member: Member, bot_id: UUID, draft: Draft) -> UUID:
    Bot.objects.filter(id=bot_id).update(version_number=F("version_number") + 1)  # whoever comes next waits for us
    return BotVersion.objects.create(
        bot_id=bot_id,
        number=Bot.objects.values_list("version_number", flat=True).get(id=bot_id),
        name=draft.name.strip(),
        system_prompt=draft.system_prompt,
        model_card_id=draft.model_card_id,
        parameters=draft.parameters.stored(),
        made_by_id=member.user_id,
    ).id
