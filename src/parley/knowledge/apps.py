from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "parley.knowledge"
    label = "knowledge"
