import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import parley.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("tokens_per_month", models.PositiveBigIntegerField(blank=True, null=True)),
                (
                    "dollars_per_month",
                    models.FloatField(blank=True, help_text="by the prices on the model cards", null=True),
                ),
                ("tokens_per_minute", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "concurrent",
                    models.PositiveIntegerField(blank=True, help_text="answers being written at once", null=True),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("workspace", "user"), name="budget_of_user_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("user", None)), fields=("workspace",), name="budget_of_workspace_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UsageDay",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("model", models.CharField(max_length=200)),
                ("answers", models.PositiveIntegerField(default=0)),
                ("errors", models.PositiveIntegerField(default=0, help_text="answers that failed")),
                (
                    "calls",
                    models.PositiveIntegerField(
                        default=0, help_text="of the vendor, titles and other helpers included"
                    ),
                ),
                ("input_tokens", models.PositiveBigIntegerField(default=0)),
                ("output_tokens", models.PositiveBigIntegerField(default=0)),
                (
                    "first_words",
                    models.PositiveIntegerField(default=0, help_text="answers whose time to the first word is known"),
                ),
                ("first_word_ms", models.PositiveBigIntegerField(default=0, help_text="the sum of those times")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="accounts.workspace"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "day"], name="usage_by_day")],
            },
        ),
        migrations.CreateModel(
            name="UsageRecord",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "generation_id",
                    models.UUIDField(help_text="engine's row, by id: this room lies below it", null=True),
                ),
                ("endpoint_id", models.UUIDField(null=True)),
                ("model", models.CharField(max_length=200)),
                ("purpose", models.CharField(default="answer", max_length=20)),
                ("input_tokens", models.PositiveIntegerField(default=0)),
                ("output_tokens", models.PositiveIntegerField(default=0)),
                ("estimated", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["workspace", "created_at"], name="usage_usage_workspa_c37e0a_idx")],
            },
        ),
    ]
