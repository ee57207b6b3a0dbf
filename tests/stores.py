"""Where files are during a test: in a folder of its own, or in a bucket of its own of a real S3."""

import os
from pathlib import Path

import boto3
import pytest
from pytest_django.fixtures import Settings

from tests.servers import Moto


def keep_in_folder(settings: Settings, folder: Path) -> None:
    _keep_in(settings, "parley.files.folder.Folder", location=folder)


def keep_in_bucket(settings: Settings, monkeypatch: pytest.MonkeyPatch, server: Moto, name: str) -> None:
    """Makes the bucket; `name` is any word that no other test uses on this server."""
    monkeypatch.setitem(os.environ, "AWS_ACCESS_KEY_ID", "any")
    monkeypatch.setitem(os.environ, "AWS_SECRET_ACCESS_KEY", "any")
    bucket = f"parley{name.replace('_', '-').lower()}"[:60]
    boto3.client("s3", endpoint_url=server.url, region_name="us-east-1").create_bucket(Bucket=bucket)
    _keep_in(settings, "parley.files.bucket.Bucket", bucket=bucket, region="us-east-1", endpoint=server.url)


def _keep_in(settings: Settings, backend: str, **options: object) -> None:
    settings.STORAGES = {**settings.STORAGES, "files": {"BACKEND": backend, "OPTIONS": options}}
