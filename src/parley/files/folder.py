"""A folder as a store. Django's own writes in place and asks the disk for nothing: a power cut would leave half a file."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.core.files.base import File as Content
from django.core.files.storage import FileSystemStorage

PART = ".part-"


class Folder(FileSystemStorage):
    """Each file is written beside its place, synced, and then given its name, which is synced, too (N8)."""

    def __init__(self, location: str | Path) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=0o600,
            directory_permissions_mode=0o700,
            allow_overwrite=True,
        )

    def _save(self, name: str, content: "Content[Any]") -> str:
        path = Path(self.path(name))
        _make_folders(path.parent)
        draft = path.with_name(f"{PART}{secrets.token_hex(8)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _sync(path.parent)
        return name


def _make_folders(folder: Path) -> None:
    """Also their names must survive a power cut, up to and with the folder that was there before."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for one in missing:
        one.chmod(0o700)  # `mkdir` gives its mode to the last of them only
        _sync(one.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
