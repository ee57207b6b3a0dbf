from django.apps import AppConfig


class KeepingConfig(AppConfig):
    name = "parley.keeping"
    label = "keeping"

    def ready(self) -> None:
        from parley.keeping import receivers  # noqa: F401 - Django wants the models loaded first
