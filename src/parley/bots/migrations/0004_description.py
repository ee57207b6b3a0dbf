from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bots", "0003_playground")]

    operations = [
        migrations.AddField(
            model_name="botversion",
            name="description",
            field=models.CharField(
                blank=True, db_default="", help_text="what it is for, in a line or two", max_length=300
            ),
        ),
    ]
