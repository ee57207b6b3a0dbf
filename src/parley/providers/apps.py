from django.apps import AppConfig
from django.conf import settings


class ProvidersConfig(AppConfig):
    name = "parley.providers"
    label = "providers"

    def ready(self) -> None:
        from parley.providers import checks, receivers  # noqa: F401 - Django wants the models loaded first
        from parley.providers.wire.guard import forbid_network

        if settings.NO_NETWORK:
            forbid_network()
