from django.apps import AppConfig


class BotsConfig(AppConfig):
    name = "parley.bots"
    label = "bots"

    def ready(self) -> None:
        from parley.bots import receivers  # noqa: F401 - Django wants the models loaded first
