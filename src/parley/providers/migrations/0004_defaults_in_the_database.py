"""Whoever does not know these columns yet, the version before this one, may still add rows while an upgrade lasts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0003_scores"),
    ]

    operations = [
        migrations.AlterField(
            model_name="modelcard",
            name="embeds",
            field=models.BooleanField(
                db_default=False, default=False, help_text="turns texts into vectors, and takes part in no conversation"
            ),
        ),
    ]
