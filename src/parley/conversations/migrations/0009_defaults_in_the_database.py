"""Whoever does not know these columns yet, the version before this one, may still add rows while an upgrade lasts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0008_drafts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="conversation",
            name="archived",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="pinned",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="temporary",
            field=models.BooleanField(
                db_default=False, default=False, help_text="in no list, found by no search, gone after a day"
            ),
        ),
    ]
