"""Gunicorn for a web host of Parley: `gunicorn -c deploy/gunicorn.conf.py parley.asgi:application`. The environment decides.

WEB_BIND (default 0.0.0.0:8000) and WEB_CONCURRENCY (processes; default 2) are the two things to choose.
"""

import os
from pathlib import Path

from parley.core.lifeline import end_with_parent

bind = os.environ.get("WEB_BIND", "0.0.0.0:8000")
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "parley.web.WebWorker"
proc_name = "parley-web"

# Whom to believe about the client's address and TLS; nobody else's X-Forwarded-* counts.
forwarded_allow_ips = os.environ.get("PARLEY_TRUSTED_PROXIES", "")

backlog = 4096  # after a storm, thousands of browsers knock within a second
keepalive = 65  # longer than the edge keeps its connections, so that the edge closes first
timeout = 60  # a loop that hangs this long is killed
# Sockets are sent away, answers end, what is being written is handed over.
graceful_timeout = int(os.environ.get("PARLEY_SHUTDOWN_GRACE_S") or 10) + 20
# The heartbeat file: a slow disk must not look like a dead worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = "warning"


def post_fork(server: object, worker: object) -> None:
    """A worker does not outlive a Gunicorn that was killed: it would keep the port, and answer with old code."""
    end_with_parent()
