"""What a model reads of the files that messages name: a picture as an image, a PDF or a text file as its words."""

import base64
from collections.abc import Iterable

from parley.conversations.models import Message
from parley.conversations.parts import FilePart
from parley.files.models import File
from parley.files.queries import files_named
from parley.files.store import NoBytes, read, upload_name
from parley.files.words import Wordless, words_of
from parley.providers.values import Image, Text

MOST_IMAGES = 20  # of a conversation, the newest: what the strictest vendor takes
CHARACTERS_PER_TOKEN = 3.5
GONE = "[The file {name} was attached here and has been deleted since.]"
LEFT_OUT = "[The image {name} was attached here; only the newest {most} images are shown.]"
UNREAD = "[The file {name} was attached here and cannot be read.]"
CUT = "\n[… cut here: the file goes on for {size:,} bytes in all]"


class ReadsFiles(Exception):
    """Files are to be read here, which may take seconds: not in a thread that others wait for."""


class Attached:
    """The files of a conversation, asked for in one query, their bytes only when they are read.

    `window_tokens` is the model's: no single file may take more than half of it. Raises `ReadsFiles` where there are files
    and they may not be read.
    """

    def __init__(self, messages: Iterable[Message], *, window_tokens: int, may_read: bool = True) -> None:
        named = [
            (message.user_id, part) for message in messages for part in message.parts if isinstance(part, FilePart)
        ]
        if named and not may_read:
            raise ReadsFiles
        theirs = {(user_id, part.file) for user_id, part in named}
        found = files_named({part.file for _, part in named})
        # A message that came by an archive may name any file: only its author's own are read.
        self._files = {id_: file for id_, file in found.items() if (file.owner_id, id_) in theirs}
        images = [part.file for _, part in named if part.kind == "image"]
        self._shown = set(images[-MOST_IMAGES:])
        self._most_characters = int(window_tokens / 2 * CHARACTERS_PER_TOKEN)

    def content_of(self, part: FilePart) -> Text | Image:
        """A file that is gone says so: a model must not guess what stood in it."""
        file = self._files.get(part.file)
        try:
            if file is None:
                return Text(GONE.format(name=part.name))
            return self._image(file) if file.kind == File.Kind.IMAGE else self._words(file)
        except (NoBytes, Wordless):
            return Text(UNREAD.format(name=part.name))

    def _image(self, file: File) -> Text | Image:
        if file.id not in self._shown:
            return Text(LEFT_OUT.format(name=file.name, most=MOST_IMAGES))
        content = base64.b64encode(b"".join(read(upload_name(file.id)))).decode()
        return Image(f"data:{file.media_type};base64,{content}")

    def _words(self, file: File) -> Text:
        words = words_of(file, most_characters=self._most_characters)
        cut = CUT.format(size=file.size_bytes) if len(words) == self._most_characters else ""
        name = file.name.replace('"', "'")
        return Text(f'<file name="{name}">\n{words}{cut}\n</file>\n\n')


def named(part: FilePart) -> Text | Image:
    """As one that nobody reads: enough to tell what a message needs of a model."""
    return Image("data:,") if part.kind == "image" else Text(part.name)
