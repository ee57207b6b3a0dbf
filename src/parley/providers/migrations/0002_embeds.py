from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="modelcard",
            name="embeds",
            field=models.BooleanField(
                default=False, help_text="turns texts into vectors, and takes part in no conversation"
            ),
        ),
    ]
