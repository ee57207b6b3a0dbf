from django.apps import AppConfig


class PlaygroundConfig(AppConfig):
    name = "parley.playground"
    label = "playground"
