from django.apps import AppConfig


class UsageConfig(AppConfig):
    name = "parley.usage"
    label = "usage"
