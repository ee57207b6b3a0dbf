"""deploy/ is checked by what can check it here: no image is built and no cluster started, but nothing in it may dangle."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from parley.api.frontend import NAMED_BY_CONTENT
from parley.api.headers import HEADERS, SANDBOX_POLICY, content_policy
from parley.fleet.plan import REPLIES_AT_ONCE
from tests.house import ROOT
from tests.test_settings_documented import variables_in_the_code

DEPLOY = ROOT / "deploy"
KUBERNETES = DEPLOY / "kubernetes"
VERSION = "1.33"
YAML = dict[str, Any]  # as each format says
TEXTS = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc"]


def text(path: str) -> str:
    return (DEPLOY / path).read_text(encoding="utf-8")


# --- Everywhere -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_it_names_only_settings_that_parley_reads(path: Path) -> None:
    ours = variables_in_the_code() | {"PARLEY_HOST_NAME"}  # the latter is Compose's own, for two of ours
    assert set(re.findall(r"\bPARLEY_[A-Z0-9_]+", path.read_text(encoding="utf-8"))) - ours == set()


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(DEPLOY)))
def test_every_image_has_a_version(path: Path) -> None:
    images = re.findall(r"^\s*(?:FROM|image:|- image:)\s+(\S+)", path.read_text(encoding="utf-8"), re.M)
    built_by_kustomize = {"parley", "parley-edge", "parley-model-service"}
    assert [image for image in images if not re.search(r":\d+\.\d+", image) and image not in built_by_kustomize] == []


def test_every_place_starts_the_same_programs() -> None:
    """The queues that somebody listens to are all queues, wherever Parley runs."""
    for path in ("compose/compose.yaml", "kubernetes/base/workers.yaml", "heroku/Procfile"):
        flat = re.sub(r"[\"',\[\]\s]+", " ", text(path))
        assert set(re.findall(r"-Q (.+?) -P threads", flat)) == {"replies", "documents default"}, path
        assert "beat" in flat, path
        assert f"-Q replies -P threads -c {REPLIES_AT_ONCE} " in flat, path


# --- nginx ----------------------------------------------------------------------------------------------------------------


def test_nginx_gives_files_the_headers_that_parley_gives_them() -> None:
    site = text("nginx/parley.conf.template")

    assert f'default "{content_policy()}";' in site
    assert f'"~^/assets/sandbox/" "{SANDBOX_POLICY}";' in site
    assert f'add_header Permissions-Policy "{HEADERS["Permissions-Policy"]}" always;' in site
    assert f'"~{NAMED_BY_CONTENT.pattern}" "public, max-age=31536000, immutable";' in site


def test_the_image_of_the_edge_fills_in_every_name_of_the_templates() -> None:
    names = set(re.findall(r"\$\{([A-Z_]+)\}", text("nginx/nginx.conf.template") + text("nginx/parley.conf.template")))
    filled = set(re.findall(r"\b(EDGE_[A-Z_]+)=", text("container/Containerfile")))

    assert names == filled


# --- Images ---------------------------------------------------------------------------------------------------------------


def test_what_the_images_copy_is_there_and_nobody_is_root() -> None:
    stages = text("container/Containerfile").split("\nFROM ")[1:]
    for stage in stages:
        for line in re.findall(r"^COPY (?!--from)(.+)$", stage, re.M):
            assert [source for source in line.split()[:-1] if not (ROOT / source).exists()] == []
    final = {stage.split(" AS ")[1].split()[0]: stage for stage in stages}
    assert "\nUSER 10001\n" in final["parley"]
    assert "\nUSER 10001\n" in final["models"]
    assert "unprivileged" in final["edge"].split("\n")[0]


# --- Compose --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def compose() -> YAML:
    loaded: YAML = yaml.safe_load(text("compose/compose.yaml"))
    return loaded


def test_compose_refers_only_to_what_it_has(compose: YAML) -> None:
    services = compose["services"]
    assert {"edge", "web", "replies", "jobs", "beat", "migrate", "models", "postgres", "redis"} == set(services)
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        assert set(service.get("networks", [])) <= set(compose["networks"]), name
        assert set(service.get("secrets", [])) <= set(compose["secrets"]), name
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[needed], f"{name} waits for the health of {needed}"
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / "compose" / source).exists(), f"{name}: {mount}"
        if "build" in service:
            assert (DEPLOY / "compose" / service["build"]["context"] / service["build"]["dockerfile"]).exists()
            assert f" AS {service['build']['target']}\n" in text("container/Containerfile")


def test_compose_opens_nothing_but_the_edge_and_asks_only_for_what_its_example_names(compose: YAML) -> None:
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"edge"}
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text("compose/compose.yaml")))
    assert asked == set(re.findall(r"^([A-Z_]+)=", text("compose/example.env"), re.M))


# --- Kubernetes -------------------------------------------------------------------------------------------------------------


def resources(*folders: str) -> Iterator[YAML]:
    for folder in folders:
        kustomization = yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text())
        for name in kustomization["resources"]:
            yield from yaml.safe_load_all((KUBERNETES / folder / name).read_text())


ALL = list(resources("base", "model-service"))


@pytest.mark.parametrize("resource", ALL, ids=lambda resource: f"{resource['kind']} {resource['metadata']['name']}")
def test_kubernetes_would_understand_it(resource: YAML) -> None:
    kubernetes_validate.validate(resource, VERSION, strict=True)


def test_in_kubernetes_what_is_chosen_by_labels_or_names_is_there() -> None:
    pods = {
        resource["spec"]["template"]["metadata"]["labels"]["part"]: resource["metadata"]["name"]
        for resource in ALL
        if resource["kind"] in ("Deployment", "Job")
    }
    claims = {resource["metadata"]["name"] for resource in ALL if resource["kind"] == "PersistentVolumeClaim"}
    for resource in ALL:
        spec = resource.get("spec", {})
        if resource["kind"] in ("Service", "PodDisruptionBudget", "Deployment"):
            selector = spec["selector"]
            assert selector.get("matchLabels", selector)["part"] in pods
        if resource["kind"] == "HorizontalPodAutoscaler":
            assert spec["scaleTargetRef"]["name"] in pods.values()
        for volume in spec.get("template", {}).get("spec", {}).get("volumes", []):
            assert volume.get("persistentVolumeClaim", {}).get("claimName", "parley-models") in claims


def test_every_part_that_answers_people_has_probes_a_budget_and_scaling() -> None:
    deployments = {resource["metadata"]["name"]: resource for resource in ALL if resource["kind"] == "Deployment"}
    named = {
        kind: {resource["metadata"]["name"] for resource in ALL if resource["kind"] == kind}
        for kind in ("PodDisruptionBudget", "HorizontalPodAutoscaler")
    }
    for name in ("parley-web", "parley-replies", "parley-model-service"):
        container = deployments[name]["spec"]["template"]["spec"]["containers"][0]
        assert "livenessProbe" in container
        assert name in named["PodDisruptionBudget"]
        assert name in named["HorizontalPodAutoscaler"]
    assert "readinessProbe" in deployments["parley-web"]["spec"]["template"]["spec"]["containers"][0]


def test_scaling_follows_measures_that_parley_gives() -> None:
    measures = set(re.findall(r"name: (parley_[a-z_]+)", text("kubernetes/base/scaling.yaml")))
    adapter = text("kubernetes/metrics-adapter.yaml")
    code = "".join(path.read_text() for path in (ROOT / "src" / "parley").glob("*/meters.py"))

    assert measures
    for measure in measures:
        assert f'"{measure}"' in code
        assert measure in adapter or measure.removeprefix("parley_") in adapter


def test_the_model_service_scales_by_a_measure_that_it_gives() -> None:
    manifest = text("kubernetes/model-service/model-service.yaml")
    (measure,) = re.findall(r"name: (model_service_[a-z_]+)", manifest)
    given = (ROOT / "model_service" / "doors" / "metrics.py").read_text()

    assert f'"{measure.removeprefix("model_service_")}"' in given
    assert measure in text("kubernetes/metrics-adapter.yaml")
    settings = (ROOT / "model_service" / "settings.py").read_text()
    named = set(re.findall(r"MODELS_([A-Z]+(?:_[A-Z]+)*)", manifest + text("container/Containerfile")))
    assert [name for name in named if f"    {name.lower()}: " not in settings] == []


# --- Heroku, Cloud Run, systemd -----------------------------------------------------------------------------------------------


def test_heroku_gets_a_folder_that_holds_all_it_starts(tmp_path: Path) -> None:
    built = tmp_path / "checkout"
    for name in ("src", "deploy", "requirements"):
        shutil.copytree(ROOT / name, built / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "docs" / "handbook", built / "docs" / "handbook")
    (built / "frontend" / "dist").mkdir(parents=True)
    (built / "frontend" / "dist" / "index.html").touch()
    subprocess.run([built / "deploy" / "heroku" / "prepare", tmp_path / "slug"], check=True)
    slug = tmp_path / "slug"
    app = json.loads((slug / "app.json").read_text())
    processes = dict(line.split(": ", 1) for line in (slug / "Procfile").read_text().splitlines())
    env = {**os.environ, "PYTHONPATH": str(slug / "src"), "PARLEY_DATA": str(tmp_path / "data")}
    checked = subprocess.run([sys.executable, "-m", "parley", "check"], env=env, capture_output=True, text=True)

    assert set(app["formation"]) == set(processes) - {"release"}
    assert (slug / re.findall(r"-c (\S+\.py)", processes["web"])[0]).exists()
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("name", ["web.yaml", "workers.yaml"])
def test_cloud_run_takes_its_secrets_from_its_vault(name: str) -> None:
    resource = yaml.safe_load(text(f"cloudrun/{name}"))
    container = resource["spec"]["template"]["spec"]["containers"][0]
    secret = {entry["name"] for entry in container["env"] if "valueFrom" in entry}

    assert {"PARLEY_SECRET", "PARLEY_DATABASE_URL", "PARLEY_REDIS_URL"} == secret


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("this machine has no systemd")
    for unit in (DEPLOY / "systemd").glob("parley*.[st]*"):
        # What they start lies in /opt/parley where they run, and here where this test runs.
        written = unit.read_text().replace("/opt/parley/.venv/bin", str(Path(sys.executable).parent))
        (tmp_path / unit.name).write_text(written)
    units = sorted(str(path) for path in tmp_path.iterdir())
    said = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True).stderr

    assert len(units) == 7
    assert [line for line in said.splitlines() if "parley" in line] == []
