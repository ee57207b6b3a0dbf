"""Tables: Generation and Event. Raw inserts of events stand in `ledger.py`, nowhere else."""

from django.db import models
from django.db.models import Func

from parley.conversations.models import Message
from parley.core.ids import uuid7


class Generation(models.Model):
    """One attempt after another to write one assistant message; ends exactly once (N3).

    While it runs it has an `owner` (the process that writes it), a lease that the owner renews, and a `fence` that grows
    with each attempt: every write names the fence it was started with, so a runner that was thought dead writes nothing.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        COMPLETED = "completed"
        STOPPED = "stopped"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    LIVE = (Status.QUEUED, Status.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="generation")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempt = models.PositiveIntegerField(default=0)
    stop_requested = models.BooleanField(default=False)
    continues_id = models.UUIDField(null=True, help_text="the sibling answer, cut off, whose text this one starts with")
    trace = models.CharField(max_length=55, blank=True, help_text="W3C traceparent of the question, where it is traced")
    last_seq = models.PositiveIntegerField(default=0, help_text="of the last event, once ended")
    tape_from = models.BigIntegerField(default=0, help_text="its events have ids above this one")
    tape_to = models.BigIntegerField(null=True, help_text="and, once it has ended, none above this one")
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField(blank=True)
    error_retryable = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                name="generation_live",
                condition=models.Q(status__in=["queued", "running"]),
            ),
            models.Index(fields=["owner"], name="generation_owned", condition=models.Q(status="running")),
            models.Index(fields=["ended_at", "tape_from"], name="generation_kept_tape"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.status}"


class Event(models.Model):
    """One line of a generation's tape. `seq` starts at 1 and never repeats, whatever the attempt; `at` is Unix ms.

    A log in the order of commits, which SQLite keeps without any index: with one, a frame of 100 generations changed 100
    pages of the database, which took 1.5 ms and wrote 400 KB, 25 times a second; without it 0.15 ms and 12 KB. Who reads
    a tape scans from `Generation.tape_from` to `tape_to`, 10 million rows a second. PostgreSQL has an index: migration 0002.
    """

    id = models.BigAutoField(primary_key=True)
    # A constraint would be looked up for every event of every token.
    generation = models.ForeignKey(
        Generation, on_delete=models.CASCADE, related_name="events", db_index=False, db_constraint=False
    )
    seq = models.PositiveIntegerField()
    at = models.BigIntegerField()
    body = models.TextField(help_text="the event as JSON; see engine.events")

    def __str__(self) -> str:
        return f"{self.generation_id} {self.seq}"


class NewestEvent(Func):
    """The id of the newest event that is stored, 0 where there is none: where a tape begins or ends."""

    template = "(SELECT COALESCE(MAX(id), 0) FROM engine_event)"
    arity = 0
    output_field = models.BigIntegerField()
