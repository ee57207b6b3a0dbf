from django.apps import AppConfig


class EngineConfig(AppConfig):
    name = "parley.engine"
    label = "engine"
