"""Whoever does not know these columns yet, the version before this one, may still add rows while an upgrade lasts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_keys_and_kinds"),
    ]

    operations = [
        migrations.AlterField(
            model_name="file",
            name="kind",
            field=models.CharField(
                choices=[("image", "Image"), ("text", "Text"), ("pdf", "Pdf"), ("other", "Other")],
                db_default="other",
                default="other",
                help_text="told from the bytes",
                max_length=5,
            ),
        ),
        migrations.AlterField(
            model_name="file",
            name="problem",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
    ]
