"""Fill an instance with rows in every table, and with what is hard to carry. Run in a process of its own: `python -m`."""

import json
import random
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import django
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

HARD = [
    "Grüße aus Köln, čeština, Ελληνικά, עברית, العربية, 日本語, 👩‍👩‍👧 and a flag 🇪🇺",
    "tab\tnew line\nreturn\r\n backslash \\n \\u0041 \\\\ quote ' \" `",
    'COPY\n\\.\n\\N "quoted", and JSON {"a": [1, null]}',
    "combining e\u0301 and non-characters \ufffe \U0010ffff and BOM \ufeff",
    "x" * 200_000,
    "",
]
WITH_NUL = "before\0after"
START = datetime(2025, 3, 1, tzinfo=UTC)


class Seed:
    """The same rows for the same number."""

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)
        self._moment = START

    def fill(self, *, conversations: int, with_nul: bool) -> None:
        with transaction.atomic():
            self._fill_all_tables(rows=3)
            self._converse(conversations, with_nul=with_nul)

    def _fill_all_tables(self, rows: int) -> None:
        """Tables that point at others after those; a row that a constraint refuses is left out, a table without rows is not."""
        waiting = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
        for _ in range(10):
            waiting = [model for model in waiting if not self._fill(model, rows)]
        assert waiting == [], waiting

    def _fill(self, model: type[models.Model], rows: int) -> bool:
        for _ in range(rows):
            try:
                with transaction.atomic():
                    model._base_manager.create(**self._values(model))
            except (IntegrityError, LookupError):
                continue
        return model._base_manager.exists()

    def _values(self, model: type[models.Model]) -> dict[str, Any]:
        fields = [field for field in model._meta.local_concrete_fields if field.column]
        return {field.attname: self._value(field) for field in fields if not isinstance(field, models.AutoField)}

    def _value(self, field: "models.Field[Any, Any]") -> Any:
        if isinstance(field, models.ForeignKey):
            ids = list(field.related_model._base_manager.values_list("pk", flat=True)[:20])
            if not ids and field.null:
                return None
            return self._random.choice(ids)
        if field.choices:
            return self._random.choice([choice for choice, _ in field.flatchoices])
        if field.get_internal_type() in ("CharField", "TextField", "EmailField", "SlugField"):
            return self._words(field)
        return VALUES[field.get_internal_type()](self)

    def _words(self, field: "models.Field[Any, Any]") -> str:
        if type(field).__name__ == "PartsField":
            return "[]"
        if field.model._meta.db_table == "engine_event":
            return '{"type":"delta","text":"said "}'
        if type(field).__name__ == "TimeZoneField":
            return "Europe/Vienna"
        unique = f"{self._random.getrandbits(60):015x}"
        return (unique + self._random.choice(HARD))[: field.max_length or None]

    def moment(self) -> datetime:
        """Each a little later; every third without a fraction of a second, which SQLite stores in another form."""
        self._moment += timedelta(seconds=self._random.randrange(1, 5000))
        return self._moment + timedelta(microseconds=self._random.choice([0, 1, self._random.randrange(10**6)]))

    def id_at(self, moment: datetime) -> UUID:
        milliseconds = int(moment.timestamp() * 1000)
        return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62) | self._random.getrandbits(60))

    def _converse(self, count: int, *, with_nul: bool) -> None:
        from parley.accounts.models import Membership
        from parley.bots.models import BotVersion
        from parley.conversations.models import Conversation, Message
        from parley.conversations.parts import ReasoningPart, TextPart
        from parley.engine.events import Delta, Started, dump_event
        from parley.engine.events import Event as TapeEvent
        from parley.engine.models import Event, Generation

        member, version = Membership.objects.order_by("id")[0], BotVersion.objects.order_by("id")[0]
        for number in range(count):
            moment = self.moment()
            conversation = Conversation.objects.create(
                id=self.id_at(moment),
                workspace_id=member.workspace_id,
                owner_id=member.user_id,
                bot_id=version.bot_id,
                title=WITH_NUL if with_nul and number == 0 else HARD[number % 4][:200],
                title_source="person",
                updated_at=moment,
            )
            said = Message.objects.create(
                id=self.id_at(moment),
                conversation=conversation,
                role="user",
                user_id=member.user_id,
                parts=[TextPart(text=HARD[number % len(HARD)] + f" saffron{number}")],
            )
            answer = Message.objects.create(
                id=self.id_at(moment),
                conversation=conversation,
                parent=said,
                role="assistant",
                bot_version=version,
                parts=[] if number == 1 else [ReasoningPart(text="hm\0m"), TextPart(text=f"turmeric{number}")],
                status="writing" if number == 1 else "completed",
            )
            Conversation.objects.filter(id=conversation.id).update(leaf_id=answer.id, created_at=moment)
            if number == 1:  # a reply in mid-sentence
                live = Generation.objects.create(message=answer, status="running", owner="dead", fence=1, attempt=1)
                events: list[TapeEvent] = [Started(model="m", attempt=1), Delta(text="half a sen"), Delta(text="tence")]
                for seq, event in enumerate(events, 1):
                    Event.objects.create(generation=live, seq=seq, at=seq, body=dump_event(event))


VALUES: dict[str, Any] = {
    "UUIDField": lambda seed: seed.id_at(seed.moment()),
    "DateTimeField": lambda seed: seed.moment(),
    "DateField": lambda seed: date(2025, 2, 28),
    "BooleanField": lambda seed: seed._random.random() < 0.5,
    "FloatField": lambda seed: seed._random.random() * 1e10,
    "DecimalField": lambda seed: Decimal(seed._random.randrange(8999)) / 100,
    "GenericIPAddressField": lambda seed: seed._random.choice(["2001:db8::1", "192.0.2.7"]),
    "JSONField": lambda seed: {"z": [1, 2.5, None, True], "a": HARD[0], "empty": {}, "big": 2**53},
    "BinaryField": lambda seed: seed._random.randbytes(50) + b"\0\xff",
    "URLField": lambda seed: "https://example.org/",
} | {
    name: (lambda seed: seed._random.randrange(1, 30_000))
    for name in (
        "IntegerField",
        "BigIntegerField",
        "SmallIntegerField",
        "PositiveIntegerField",
        "PositiveBigIntegerField",
        "PositiveSmallIntegerField",
    )
}


def told() -> dict[str, list[str]]:
    """All rows of all tables, read as Django reads them: by another way than backups go."""
    return {
        model._meta.db_table: sorted(map(_row_told, model._base_manager.values()))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def _row_told(row: dict[str, Any]) -> str:
    """PostgreSQL keeps the keys of JSON in an order of its own."""
    plain = {
        name: json.dumps(value, sort_keys=True) if isinstance(value, dict) else value for name, value in row.items()
    }
    return repr(sorted(plain.items()))


def main() -> None:
    """`fill N`, or `tell`, which prints all rows as JSON."""
    django.setup()
    if sys.argv[1] == "fill":
        Seed(7).fill(conversations=int(sys.argv[2]), with_nul=connection.vendor == "sqlite")
    else:
        sys.stdout.write(json.dumps(told()))


if __name__ == "__main__":
    main()
