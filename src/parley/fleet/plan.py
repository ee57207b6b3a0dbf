"""What a fleet consists of: its ports, its settings, and the parts that run Parley's own code."""

import os
import resource
from dataclasses import dataclass, field
from pathlib import Path

from parley.core.env import env_bool, env_int, env_list, env_networks, env_path, env_str
from parley.core.env_file import NAME, write_env_file
from parley.core.secret import instance_secret
from parley.fleet.databases import Cluster, password_of, redis_part
from parley.fleet.edge import Edge
from parley.fleet.model_service import model_service_part
from parley.fleet.part import Part, free_port
from parley.fleet.programs import python
from parley.fleet.ready import answers, has_said
from parley.fleet.template import template

REPOSITORY = Path(__file__).resolve().parents[3]
WEB, REPLIES = ("web-1", "web-2"), ("replies-1", "replies-2")
REPLIES_AT_ONCE = 400  # by each of them: their threads only wait, one loop writes
LOOPBACK = "127.0.0.1"
DRAIN_S = 30  # how long a reply may go on in a process that is told to end, before another process goes on with it


@dataclass
class Plan:
    """One fleet on this machine. Its settings are those of the environment, and its own where that says nothing."""

    folder: Path
    port: int
    ports: dict[str, int] = field(init=False)
    settings: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.port = self.port or free_port()
        self.ports = {name: free_port() for name in ("postgres", "replica", "redis", "metrics", "models", *WEB)}
        secret = os.environ.get("PARLEY_SECRET", "").strip() or instance_secret(self.folder)
        self._passwords = {name: password_of(name, secret) for name in ("postgres", "redis", "models")}
        self.settings = self._settings()

    # --- Settings -----------------------------------------------------------------------------------------------------

    def _settings(self) -> dict[str, str]:
        given = {name: value for name, value in os.environ.items() if name.startswith("PARLEY_") and value.strip()}
        for name in ("PARLEY_DATA", "PARLEY_ROLE", "PARLEY_HOST", "PARLEY_PORT"):
            given.pop(name, None)
        own = {"PARLEY_HTTPS": "on", "PARLEY_SHUTDOWN_GRACE_S": str(DRAIN_S)}
        if "PARLEY_DATABASE_URL" not in given:
            own |= {"PARLEY_DATABASE_URL": self.primary.url, "PARLEY_REPLICA_URL": self.replica.url}
        if "PARLEY_REDIS_URL" not in given:
            own["PARLEY_REDIS_URL"] = f"redis://:{self._passwords['redis']}@{LOOPBACK}:{self.ports['redis']}/0"
        if env_bool("PARLEY_MODELS", default=False):
            own["PARLEY_MODEL_SERVICE"] = f"http://{LOOPBACK}:{self.ports['models']}"
            own["PARLEY_MODEL_SERVICE_KEY"] = self._passwords["models"]
        own["PARLEY_METRICS"] = f"{LOOPBACK}:{self.ports['metrics']}"  # all parts at one address
        origins = [self.address.rstrip("/"), *env_list("PARLEY_ORIGINS")]
        hosts = dict.fromkeys([*env_list("PARLEY_HOSTS", ("localhost", "[::1]")), LOOPBACK])
        always = {
            "PARLEY_ORIGINS": ",".join(origins),
            "PARLEY_HOSTS": ",".join(hosts),
            "PARLEY_TRUSTED_PROXIES": LOOPBACK,
        }
        return {**own, **given, **always}

    def write_settings(self) -> None:
        comment = "Written by `parley fleet` at each start; every parley command with this --data reads it."
        write_env_file(self.folder / NAME, self.settings, comment=comment)

    @property
    def address(self) -> str:
        return f"https://{LOOPBACK}:{self.port}/"

    def env(self, **more: str) -> dict[str, str]:
        """Of a process of Parley."""
        return {**os.environ, **self.settings, "PARLEY_DATA": str(self.folder), **more}

    def bare_env(self) -> dict[str, str]:
        """Of a server of somebody else, which has no business with keys of vendors."""
        return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "TMPDIR") if name in os.environ}

    # --- Servers ------------------------------------------------------------------------------------------------------

    @property
    def owns_postgres(self) -> bool:
        return self.primary.url == self.settings["PARLEY_DATABASE_URL"]

    @property
    def owns_redis(self) -> bool:
        return f":{self.ports['redis']}/" in self.settings["PARLEY_REDIS_URL"]

    @property
    def owns_models(self) -> bool:
        """PARLEY_MODELS asks for a model service, and the environment names none."""
        return self.settings.get("PARLEY_MODEL_SERVICE", "").endswith(f":{self.ports['models']}")

    @property
    def primary(self) -> Cluster:
        return Cluster(
            "postgres", self.folder / "postgres" / "primary", self.ports["postgres"], self._passwords["postgres"]
        )

    @property
    def replica(self) -> Cluster:
        folder = self.folder / "postgres" / "replica"
        password, primary_port = self._passwords["postgres"], self.ports["postgres"]
        return Cluster("replica", folder, self.ports["replica"], password, primary_port=primary_port)

    def redis(self) -> Part:
        return redis_part(self.folder / "redis", self.ports["redis"], self._passwords["redis"], self.bare_env())

    def models(self) -> Part:
        return model_service_part(
            self.folder / "models", port=self.ports["models"], key=self.settings["PARLEY_MODEL_SERVICE_KEY"]
        )

    @property
    def edge(self) -> Edge:
        return Edge(
            folder=self.folder / "edge",
            port=self.port,
            web={name: self.ports[name] for name in WEB},
            frontend=env_path("PARLEY_FRONTEND", REPOSITORY / "frontend" / "dist"),
            body_limit_bytes=env_int("PARLEY_FILE_LIMIT_BYTES", 32 * 1024 * 1024) + 1024 * 1024,
            trusted=env_networks("PARLEY_TRUSTED_PROXIES"),
            has_cdn=bool(env_str("PARLEY_STATIC_URL")),
            unlimited=env_networks("PARLEY_EDGE_UNLIMITED", (f"{LOOPBACK}/32",)),
        )

    # --- Parley -------------------------------------------------------------------------------------------------------

    def web(self, name: str) -> Part:
        """A web host. Two of them with a process each, rather than one with two: so `least_conn` has a choice."""
        port = self.ports[name]
        return Part(
            name,
            (python("gunicorn"), "-c", str(template("gunicorn.conf.py")), "parley.asgi:application"),
            answers(port, "/healthz/ready"),
            env=self.env(PARLEY_ROLE="web", WEB_BIND=f"{LOOPBACK}:{port}", WEB_CONCURRENCY="1"),
            folder=self.folder,
            grace_s=DRAIN_S + 20,
        )

    def worker(self, name: str, queues: str, *, threads: int) -> Part:
        quietly = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "info")
        named = ("-n", f"{name}@parley", "-Q", queues, "-P", "threads", "-c", str(threads))
        return Part(
            name,
            (python("celery"), "-A", "parley.celery:app", "worker", *named, *quietly),
            has_said(" ready."),
            env=self.env(PARLEY_ROLE="worker"),
            folder=self.folder,
            grace_s=DRAIN_S + 20,
        )

    def workers(self) -> list[Part]:
        replies = [self.worker(name, "replies", threads=REPLIES_AT_ONCE) for name in REPLIES]
        return [*replies, self.worker("jobs", "documents,default", threads=4)]

    def beat(self) -> Part:
        return Part(
            "beat",
            (python("celery"), "-A", "parley.celery:app", "beat", "--pidfile=", "-l", "info"),
            has_said("beat: Starting"),
            env=self.env(PARLEY_ROLE="beat"),
            folder=self.folder,
        )

    def migrate(self) -> list[str]:
        """The command that comes before every start and every upgrade."""
        return [python("parley"), "migrate", "--data", str(self.folder)]


def allow_many_files() -> None:
    """Five thousand sockets are five thousand files, in nginx twice as many; children inherit this."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
