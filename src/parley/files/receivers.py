"""A row's end is its bytes' end, whether it was deleted alone or with its person or workspace."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from parley.core.announce import announce
from parley.files import signals
from parley.files.models import File
from parley.files.store import remove, upload_name, words_name


@receiver(post_delete, sender=File)
def _remove_bytes(sender: object, instance: File, **fact: Any) -> None:
    # Robust: the row is gone for good, and bytes that a store did not give up now are found by `clean_files`.
    transaction.on_commit(partial(remove, upload_name(instance.id)), robust=True)
    if instance.kind == File.Kind.PDF:
        transaction.on_commit(partial(remove, words_name(instance.id)), robust=True)
    announce(
        signals.file_deleted,
        file_id=instance.id,
        owner_id=instance.owner_id,
        workspace_id=instance.workspace_id,
    )
