"""The edge of a local fleet: nginx with a certificate of its own making, from the templates in deploy/nginx."""

import datetime
import ipaddress
import os
import pwd
import resource
import shutil
import signal
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from parley.fleet.part import Part
from parley.fleet.programs import nginx
from parley.fleet.ready import listens
from parley.fleet.supervisor import run_quietly
from parley.fleet.template import fill

VALID = datetime.timedelta(days=365)
RENEWED_BEFORE = datetime.timedelta(days=30)


@dataclass(frozen=True)
class Edge:
    """nginx in `folder`, on `port`, before web hosts that are named `web-1`, `web-2` … with their ports."""

    folder: Path
    port: int
    web: Mapping[str, int]
    frontend: Path
    body_limit_bytes: int
    trusted: Collection[str]
    unlimited: Collection[str]
    has_cdn: bool

    def prepare(self) -> None:
        """Certificate, files, configuration; nginx itself says whether it likes them."""
        (self.folder / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
        ensure_certificate(self._certificate, self._key)
        self.keep_files()
        self.write(down=())
        run_quietly([*self._command, "-t", "-q"])

    def keep_files(self) -> None:
        """Copy the front end's files beside those of earlier versions: a tab that is open may still ask for one."""
        files = self.folder / "files" / "assets"
        files.mkdir(mode=0o755, parents=True, exist_ok=True)
        if (self.frontend / "assets").is_dir():
            shutil.copytree(self.frontend / "assets", files, dirs_exist_ok=True)

    def write(self, *, down: Collection[str]) -> None:
        """The configuration; web hosts that are `down` get nothing new. It counts from the next start or SIGHUP on."""
        values = self._values(down)
        fill("nginx/nginx.conf.template", values, self.folder / "nginx.conf")
        fill("nginx/parley.conf.template", values, self.folder / "parley.conf")

    def part(self, env: dict[str, str]) -> Part:
        return Part(
            "edge",
            (*self._command, "-g", "daemon off;"),
            listens(self.port),
            env=env,
            folder=self.folder,
            end_signal=signal.SIGTERM,
        )

    @property
    def _command(self) -> tuple[str, ...]:
        return (nginx(), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf"), "-e", "stderr")

    @property
    def _certificate(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def _key(self) -> Path:
        return self.folder / "key.pem"

    def _values(self, down: Collection[str]) -> dict[str, str]:
        servers = [
            f"server 127.0.0.1:{port}{' down' if name in down else ' max_fails=1 fail_timeout=2s'};"
            for name, port in self.web.items()
        ]
        real = [f"set_real_ip_from {network};" for network in self.trusted]
        if real:
            real += ["real_ip_header X-Forwarded-For;", "real_ip_recursive on;"]
        return {
            "EDGE_USER": pwd.getpwuid(os.geteuid()).pw_name,
            "EDGE_PROCESSES": "2",
            "EDGE_FILE_LIMIT": str(min(65536, resource.getrlimit(resource.RLIMIT_NOFILE)[1])),
            "EDGE_RUN": str(self.folder / "run"),
            "EDGE_MIME_TYPES": "/etc/nginx/mime.types",
            "EDGE_SITE": str(self.folder / "parley.conf"),
            "EDGE_WEB_SERVERS": "\n    ".join(servers),
            "EDGE_REAL_ADDRESS": "\n".join(real),
            "EDGE_UNLIMITED": "\n    ".join(f"{network} 0;" for network in self.unlimited),
            "EDGE_REQUESTS_PER_SECOND": "50",
            "EDGE_REQUESTS_BURST": "200",
            "EDGE_CONNECTIONS_PER_ADDRESS": "500",
            "EDGE_BODY_LIMIT": str(self.body_limit_bytes),
            "EDGE_LISTEN": f"127.0.0.1:{self.port}",
            "EDGE_CERTIFICATE": str(self._certificate),
            "EDGE_KEY": str(self._key),
            "EDGE_FILE_READERS": "cross-origin" if self.has_cdn else "same-origin",
            "EDGE_FILE_ORIGINS": "*" if self.has_cdn else "",
            "EDGE_FILES": str(self.folder / "files"),
        }


def ensure_certificate(certificate: Path, key: Path) -> None:
    """A self-signed one for this machine's own addresses, made anew a month before it expires."""
    now = datetime.datetime.now(datetime.UTC)
    if certificate.exists() and key.exists():
        ends = x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc
        if ends - now > RENEWED_BEFORE:
            return
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Parley on this machine")])
    addresses = [x509.IPAddress(ipaddress.ip_address(address)) for address in ("127.0.0.1", "::1")]
    made = (
        x509.CertificateBuilder(subject_name=name, issuer_name=name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost"), *addresses]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(private, hashes.SHA256())
    )
    key.touch(mode=0o600)
    key.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
