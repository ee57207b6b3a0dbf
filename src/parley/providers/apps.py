from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    name = "parley.providers"
    label = "providers"
