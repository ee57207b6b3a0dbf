"""Parley: a chat platform on large language models that people host themselves."""

from parley.celery import app as celery_app  # so that every process, a shell too, rings the same bell

__all__ = ["celery_app"]
__version__ = "0.1.0"
