from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "parley.usage"
    label = "usage"

    def ready(self) -> None:
        from parley.usage import receivers  # noqa: F401 - Django wants the models loaded first
