"""What goes, and when: every rule in one table. Each takes small steps, may be cut off anywhere, and may run twice."""

import logging
from collections.abc import Callable, Mapping
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from parley.accounts.actions import delete_expired
from parley.conversations.actions import forget_old_receipts, remove_conversation
from parley.conversations.models import Conversation
from parley.core.ids import uuid7
from parley.engine.cleaning import clean_tapes
from parley.files.cleaning import ORPHAN_AFTER, clean_files
from parley.files.store import ARCHIVES, EXPORTS, IMPORTS, names_below, remove, stored_at
from parley.keeping.archive_queries import archives_expired, conversations_old
from parley.keeping.archives import archive, archive_name
from parley.keeping.exports import export_name, remove_old_exports
from parley.keeping.imports import import_name, remove_old_imports
from parley.keeping.kept import all_kept, files_old
from parley.keeping.models import Archive, CleaningRun, Export, Import
from parley.usage.actions import forget_old_usage

logger = logging.getLogger(__name__)

AT_ONCE = 100
RUNS_KEPT = timedelta(days=90)
Rules = Mapping[str, Callable[[], int]]


def clean(rules: Rules | None = None) -> CleaningRun:
    """Apply the rules, one after the other, and keep a note of what went. A rule that fails stops none of the others."""
    started = timezone.now()
    counts = {name: _apply(name, rule) for name, rule in (HOURLY if rules is None else rules).items()}
    CleaningRun.objects.filter(started_at__lt=started - RUNS_KEPT).delete()
    run = CleaningRun(id=uuid7(), started_at=started, counts=counts)
    if any(counts.values()):
        run.save(force_insert=True)
        logger.info("cleaned: %s", ", ".join(f"{count} {name}" for name, count in counts.items() if count))
    return run


def _apply(name: str, rule: Callable[[], int]) -> int:
    try:
        return rule()
    except Exception:  # a store that does not answer must not keep sessions alive
        logger.exception("the rule for %s failed; it is tried again next time", name)
        return 0


def remove_old_conversations() -> int:
    """Archived first where archives are on; those stay, as long as archives are kept."""
    removed = 0
    for workspace_id, kept in all_kept():
        while batch := list(conversations_old(workspace_id, kept.conversations or 0)[:AT_ONCE]):
            for conversation in batch:
                if settings.ARCHIVES:
                    archive(conversation)
                    Archive.objects.filter(conversation_id=conversation.id).update(conversation_gone_at=timezone.now())
                remove_conversation(conversation)
                removed += 1
    return removed


def remove_old_archives() -> int:
    """Of conversations that retention removed long ago; and of those that went without their archive, in a crash."""
    removed = 0
    for workspace_id, kept in all_kept():
        for row in archives_expired(workspace_id, kept.archives or 0):
            row.delete()
            removed += 1
    there = Conversation.objects.values("id")
    for row in Archive.objects.filter(conversation_gone_at=None).exclude(conversation_id__in=there):
        row.delete()
        removed += 1
    return removed


def remove_old_files() -> int:
    removed = 0
    for workspace_id, kept in all_kept():
        for file in files_old(workspace_id, kept.files or 0):
            file.delete()
            removed += 1
    return removed


def remove_old_usage() -> int:
    """Single calls; the daily report stays."""
    return sum(forget_old_usage(workspace_id, kept.usage or 0) for workspace_id, kept in all_kept())


def remove_orphaned_bytes() -> int:
    """Objects in the store that no row speaks of, older than a day."""
    taken = {export_name(*ids) for ids in Export.objects.values_list("owner_id", "id")}
    brought = {import_name(*ids) for ids in Import.objects.values_list("owner_id", "id")}
    removed = clean_files().removed + _remove_orphaned_archives()
    return removed + _remove_orphans(EXPORTS, taken) + _remove_orphans(IMPORTS, brought)


def _remove_orphaned_archives() -> int:
    if not Archive.objects.exists():
        return 0  # more likely the wrong database than a day's orphans; see files/cleaning.py
    return _remove_orphans(
        ARCHIVES, {archive_name(*ids) for ids in Archive.objects.values_list("owner_id", "conversation_id")}
    )


def _remove_orphans(folder: str, known: set[str]) -> int:
    removed = 0
    for name in names_below(folder):
        if name not in known and stored_at(name) < timezone.now() - ORPHAN_AFTER:
            remove(name)
            removed += 1
    return removed


HOURLY: Rules = {
    "tapes": clean_tapes,
    "receipts": forget_old_receipts,
    "links and sessions": delete_expired,
    "conversations": remove_old_conversations,
    "archives": remove_old_archives,
    "exports": remove_old_exports,
    "imports": remove_old_imports,
    "files": remove_old_files,
    "usage": remove_old_usage,
}
DAILY: Rules = {"bytes without a row": remove_orphaned_bytes}  # it walks through the whole store
