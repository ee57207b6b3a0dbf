"""The instance's secret, and what is checked before Parley starts."""

import stat
import threading
from pathlib import Path

import pytest
from django.conf import LazySettings

from parley.accounts import checks
from parley.core.secret import NAME, instance_secret


def test_the_first_start_makes_a_secret_that_only_its_owner_can_read(tmp_path: Path) -> None:
    secret = instance_secret(tmp_path / "data")
    file = tmp_path / "data" / NAME
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert len(secret) >= 50
    assert instance_secret(tmp_path / "data") == secret


def test_two_first_starts_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(instance_secret(tmp_path))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 20
    assert len(set(found)) == 1
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


@pytest.mark.parametrize(
    "secret",
    ["short", "a" * 60, "t0p-s3cr3t-t0p-s3cr3t-0123456789abcdef", "django-insecure-3k2j4h5g6f7d8s9a0p1o2i3u4y5t6r"],
)
def test_a_weak_or_published_secret_stops_the_start_and_names_the_fix(settings: LazySettings, secret: str) -> None:
    settings.SECRET_KEY = secret
    (error,) = checks.check_secret(None)
    assert error.is_serious()
    assert "secrets.token_urlsafe" in str(error.hint)
    assert secret not in str(error)


def test_our_own_secret_passes(tmp_path: Path, settings: LazySettings) -> None:
    settings.SECRET_KEY = instance_secret(tmp_path)
    assert checks.check_secret(None) == []


def test_a_secret_that_others_can_read_stops_the_start(tmp_path: Path, settings: LazySettings) -> None:
    settings.DATA_DIR = tmp_path
    instance_secret(tmp_path)
    assert checks.check_secret_file(None) == []
    (tmp_path / NAME).chmod(0o644)
    (error,) = checks.check_secret_file(None)
    assert "chmod 600" in str(error.hint)


def test_a_host_that_others_reach_without_https_is_warned_about(settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
    assert checks.check_https(None) == []
    settings.ALLOWED_HOSTS = ["chat.example.org", "localhost"]
    (warning,) = checks.check_https(None)
    assert "PARLEY_HTTPS=on" in str(warning.hint)
    settings.HTTPS = True
    assert checks.check_https(None) == []
