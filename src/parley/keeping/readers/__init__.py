"""Forms in which conversations come from elsewhere. To add one: a file with `read`, and a line in READERS."""

from collections.abc import Callable

from parley.keeping.import_form import Found
from parley.keeping.readers import chatgpt, open_webui, parley_archive
from parley.keeping.readers.pictures import Pictures

Reader = Callable[[dict[str, object], Pictures], Found]

READERS: tuple[tuple[Callable[[dict[str, object]], bool], Reader], ...] = (
    (parley_archive.is_ours, parley_archive.read),
    (chatgpt.is_ours, chatgpt.read),
    (open_webui.is_ours, open_webui.read),
)
"""Whether a reader knows such an object, and how it reads it. Raises `NotOurs` for one that it cannot read after all."""
