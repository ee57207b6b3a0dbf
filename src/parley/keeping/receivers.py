"""What this room does when a conversation or a person goes: their archives go, too, but for what retention put away.

A row's end is its object's end.
"""

from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from parley.conversations.signals import conversation_cleared, conversation_deleted
from parley.files.store import remove
from parley.keeping.archives import archive_name
from parley.keeping.exports import export_name
from parley.keeping.imports import import_name
from parley.keeping.models import Archive, Export, Import


@receiver(post_delete, sender=Archive)
def _remove_object(sender: object, instance: Archive, **fact: Any) -> None:
    transaction.on_commit(partial(remove, archive_name(instance.owner_id, instance.conversation_id)), robust=True)


@receiver(post_delete, sender=Export)
def _remove_export(sender: object, instance: Export, **fact: Any) -> None:
    transaction.on_commit(partial(remove, export_name(instance.owner_id, instance.id)), robust=True)


@receiver(post_delete, sender=Import)
def _remove_import(sender: object, instance: Import, **fact: Any) -> None:
    transaction.on_commit(partial(remove, import_name(instance.owner_id, instance.id)), robust=True)


@receiver(conversation_cleared)
@receiver(conversation_deleted)
def _forget_archive(sender: object, conversation_id: UUID, **fact: Any) -> None:
    for archive in Archive.objects.filter(conversation_id=conversation_id, conversation_gone_at=None):
        archive.delete()
