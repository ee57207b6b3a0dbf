"""Facts this room announces, after COMMIT, in the thread that committed. See docs/signals.md.

`generation_queued(turn: Turn)`: an answer is to be written.
`generation_ended(turn: Turn, ending: Ending)`: it ended, exactly once.
`stop_asked(generation_id: UUID)`: a person wants it to stop; its runner will.
"""

from django.dispatch import Signal

generation_queued = Signal()
generation_ended = Signal()
stop_asked = Signal()
