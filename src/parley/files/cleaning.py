"""Bytes that no row speaks of: what a crash left between the two, and what a store did not give up when it was told to."""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from parley.files.folder import PART
from parley.files.models import File
from parley.files.store import UPLOADS, WORDS, names_below, remove, stored_at

logger = logging.getLogger(__name__)

ORPHAN_AFTER = timedelta(hours=24)  # no upload takes as long, so bytes this old without a row never get one
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`lost`: rows whose bytes are gone. They stay: a person shall see which file is lost, and bytes may come back."""

    removed: int
    lost: int


def clean_files() -> Cleaned:
    """Remove orphaned bytes older than a day, and count the rows that lost theirs."""
    started = timezone.now()
    rows = File.objects.filter(created_at__lt=started)
    if not rows.exists():
        # A database that knows no file at all beside a full store is more likely the wrong database than a day's orphans.
        return Cleaned(removed=0, lost=0)
    removed, found = _clean(rows, UPLOADS)
    removed += _clean(rows, WORDS)[0]
    lost = max(0, rows.count() - found)
    if lost:
        logger.error("%d files have lost their bytes: is this the right store? Restore them from a backup", lost)
    return Cleaned(removed, lost)


def _clean(rows: QuerySet[File], folder: str) -> tuple[int, int]:
    """How many objects of this folder were removed, and how many belong to rows."""
    removed = found = 0
    for names in _batches(names_below(folder)):
        ids = {name: _id_in(name) for name in names}
        known = set(rows.filter(id__in=[id_ for id_ in ids.values() if id_]).values_list("id", flat=True))
        found += len(known)
        removed += sum(_remove_orphan(name) for name, id_ in ids.items() if id_ not in known)
    return removed, found


def _remove_orphan(name: str) -> bool:
    if not _is_ours(name) or stored_at(name) > timezone.now() - ORPHAN_AFTER:
        return False
    if (id_ := _id_in(name)) and File.objects.filter(id=id_).exists():
        return False  # it came while we looked
    remove(name)
    return True


def _batches(names: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(names, AT_ONCE)):
        yield batch


def _is_ours(name: str) -> bool:
    return _id_in(name) is not None or name.rpartition("/")[2].startswith(PART)


def _id_in(name: str) -> UUID | None:
    last = name.rpartition("/")[2]
    return UUID(last) if re.fullmatch(r"[0-9a-f]{32}", last) else None
