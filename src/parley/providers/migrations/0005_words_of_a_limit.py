from django.db import migrations, models


class Migration(migrations.Migration):
    """Words only: the limit holds for all processes together."""

    dependencies = [("providers", "0004_defaults_in_the_database")]

    operations = [
        migrations.AlterField(
            model_name="endpoint",
            name="max_concurrent",
            field=models.PositiveIntegerField(blank=True, help_text="answers at once", null=True),
        ),
    ]
