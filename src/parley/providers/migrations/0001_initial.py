import django.db.models.deletion
from django.db import migrations, models

import parley.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Endpoint",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=120)),
                ("wire", models.CharField(max_length=40)),
                ("base_url", models.CharField(blank=True, max_length=500)),
                ("sealed_key", models.TextField(blank=True)),
                (
                    "source",
                    models.CharField(
                        choices=[("built-in", "Built In"), ("environment", "Environment"), ("screen", "Screen")],
                        default="screen",
                        max_length=20,
                    ),
                ),
                (
                    "vendor",
                    models.CharField(
                        blank=True, help_text="id in providers.vendors, on environment rows", max_length=40
                    ),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("available", models.BooleanField(default=True)),
                (
                    "max_concurrent",
                    models.PositiveIntegerField(blank=True, help_text="answers at once, of each process", null=True),
                ),
                ("tokens_per_minute", models.PositiveIntegerField(blank=True, null=True)),
                ("dollars_per_month", models.FloatField(blank=True, help_text="by the prices on its cards", null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="endpoints", to="accounts.workspace"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ModelCard",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=200)),
                ("label", models.CharField(blank=True, max_length=200)),
                (
                    "context_window",
                    models.PositiveIntegerField(default=8192, help_text="tokens, prompt and answer together"),
                ),
                ("vision", models.BooleanField(default=False)),
                ("tools", models.BooleanField(default=False)),
                (
                    "prefill",
                    models.BooleanField(default=False, help_text="continues an assistant message that ends the prompt"),
                ),
                (
                    "input_price",
                    models.FloatField(blank=True, help_text="US dollars a million tokens; null: not known", null=True),
                ),
                ("output_price", models.FloatField(blank=True, null=True)),
                (
                    "cached_price",
                    models.FloatField(blank=True, help_text="of input that the vendor's cache held", null=True),
                ),
                ("enabled", models.BooleanField(default=True)),
                ("available", models.BooleanField(default=True)),
                ("typed", models.BooleanField(default=False)),
                (
                    "corrected",
                    models.JSONField(
                        default=list, help_text="names of facts that a person has set: no list changes them"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="model_cards", to="providers.endpoint"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Rule",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("steps", models.JSONField(default=list)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "card",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rule", to="providers.modelcard"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.UUIDField(default=parley.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "generation_id",
                    models.UUIDField(help_text="engine's row, by id: this room lies below it", unique=True),
                ),
                ("model", models.CharField(max_length=200)),
                ("reasons", models.JSONField(default=list)),
                ("took_us", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "workspace",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="providers.rule"
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="endpoint",
            constraint=models.UniqueConstraint(fields=("workspace", "name"), name="endpoint_name_unique"),
        ),
        migrations.AddConstraint(
            model_name="modelcard",
            constraint=models.UniqueConstraint(fields=("endpoint", "name"), name="model_card_once"),
        ),
    ]
