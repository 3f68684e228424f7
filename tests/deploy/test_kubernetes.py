"""The manifests of deploy/kubernetes, rendered: valid, and fit for the image and application."""

import copy
import os
import re
import signal
import subprocess
import sysconfig
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import kubernetes_validate.utils
import pytest
import yaml
from fastapi.testclient import TestClient

from app import __version__
from app.main import create_app
from app.settings import Settings
from benchmarks.harness.service import serving
from tests.app.observability.test_metrics import samples_of
from tests.deploy.manifests import Facts, Object, faults, quantity, schema_faults

ROOT = Path(__file__).parents[2]
MANIFESTS = ROOT / "deploy" / "kubernetes"
COMPONENTS = sorted(folder.name for folder in (MANIFESTS / "components").iterdir())
GUIDE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
OLDEST = "1.33"
NEWEST = kubernetes_validate.utils.major_minor(kubernetes_validate.latest_version())
KUBECTL = Path(sysconfig.get_path("scripts")) / "kubectl"
RENDERINGS = [(), *((name,) for name in COMPONENTS), tuple(COMPONENTS)]


def render(folder: Path) -> list[Object]:
    command = [str(KUBECTL), "kustomize", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, "kustomize warns of nothing"
    return [each for each in yaml.safe_load_all(done.stdout) if each]


def write_overlay(folder: Path, *components: str) -> Path:
    """The base with these components; gives the file."""
    relative = Path(os.path.relpath(MANIFESTS, folder.resolve()))
    content = {
        "resources": [str(relative / "base")],
        "components": [str(relative / "components" / each) for each in components],
    }
    file = folder / "kustomization.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return file


Overlay = Callable[..., list[Object]]


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Overlay:
    """Renders the base with components, each selection once; the objects are not to be changed."""

    @cache
    def rendered(*components: str) -> list[Object]:
        folder = tmp_path_factory.mktemp("overlay")
        write_overlay(folder, *components)
        return render(folder)

    return rendered


@pytest.fixture(scope="module")
def facts(toy_bundle: Path) -> Iterator[Facts]:
    """Of the Dockerfile, the application and the comments that operators read."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [(user, group)] = set(re.findall(r"^USER (\d+):(\d+)$", dockerfile, re.MULTILINE))
    [port] = set(re.findall(r"^EXPOSE (\d+)$", dockerfile, re.MULTILINE))
    assert f"PORT={port} " in dockerfile
    comments = "".join(file.read_text(encoding="utf-8") for file in MANIFESTS.rglob("*.yaml"))
    secrets = re.findall(r"kubectl create secret generic ([\w-]+)", comments)
    claims = re.findall(r"PersistentVolumeClaim named ([\w-]+)", comments)
    with TestClient(create_app(Settings(model_dir=toy_bundle))) as client:
        client.post("/slots", json={"text": "leave Taipei"})
        client.get("/nowhere")
        names = frozenset(name for name, _ in samples_of(client.get("/metrics").text))
        yield Facts(
            version=__version__,
            user=int(user),
            group=int(group),
            port=int(port),
            answers=lambda path: client.get(path).status_code == 200,
            metrics=names,
            secrets=frozenset(secrets),
            claims=frozenset(claims),
        )


@pytest.mark.parametrize("components", RENDERINGS, ids="+".join)
def test_manifests_are_valid_and_fit_together(
    components: Sequence[str], facts: Facts, overlay: Overlay
) -> None:
    objects = overlay(*components)
    assert schema_faults(objects, OLDEST) == []
    assert schema_faults(objects, NEWEST) == []
    assert faults(objects, facts) == []
    assert not any("namespace" in each["metadata"] for each in objects), "the operator's to choose"


def test_the_overlay_of_the_guide_is_valid_and_takes_effect(facts: Facts, tmp_path: Path) -> None:
    [written] = re.findall(r"```yaml\n(# kustomization\.yaml.*?)```", GUIDE, re.DOTALL)
    relative = os.path.relpath(MANIFESTS, tmp_path.resolve())
    assert "slotline/deploy/kubernetes/" in written
    text = written.replace("slotline/deploy/kubernetes/", f"{relative}/")
    (tmp_path / "kustomization.yaml").write_text(text, encoding="utf-8")
    objects = render(tmp_path)
    assert schema_faults(objects, OLDEST) == []
    assert faults(objects, facts) == []

    wanted = yaml.safe_load(written)
    by_kind = {each["kind"]: each for each in objects}
    container = by_kind["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    [image] = wanted["images"]
    assert container["image"] == f"{image['newName']}:{__version__}"
    [generated] = wanted["configMapGenerator"]
    assert set(generated["literals"]) <= {
        f"{name}={value}" for name, value in by_kind["ConfigMap"]["data"].items()
    }
    for patch in wanted["patches"]:
        for operation in yaml.safe_load(patch["patch"]):
            found: Any = by_kind[patch["target"]["kind"]]
            for key in operation["path"].split("/")[1:]:
                found = found[int(key) if isinstance(found, list) else key]
            assert found == operation["value"]
    assert {each["metadata"].get("namespace") for each in objects} == {wanted.get("namespace")}


def test_the_overlay_of_the_guide_to_bulk_runs_the_job_alone(
    facts: Facts, overlay: Overlay, tmp_path: Path
) -> None:
    guide = (ROOT / "docs" / "bulk.md").read_text(encoding="utf-8")
    [written] = re.findall(r"```yaml\n(# kustomization\.yaml.*?)```", guide, re.DOTALL)
    relative = os.path.relpath(MANIFESTS, tmp_path.resolve())
    text = written.replace("slotline/deploy/kubernetes/", f"{relative}/")
    (tmp_path / "kustomization.yaml").write_text(text, encoding="utf-8")
    objects = render(tmp_path)
    assert {each["kind"] for each in objects} == {"Job", "NetworkPolicy"}
    assert schema_faults(objects, OLDEST) == []
    [job] = [each for each in objects if each["kind"] == "Job"]
    assert job["metadata"]["name"] == "slotline-bulk-november"
    [container] = job["spec"]["template"]["spec"]["containers"]
    assert container["image"] == f"registry.example.org/slotline:{__version__}"
    # Beside the service, under the name that its policy has: all that is checked of a Job.
    job["metadata"] |= {"name": "slotline-bulk"}
    for each in objects:
        del each["metadata"]["namespace"]
    assert faults([*overlay(), *objects], facts) == []


def test_the_guide_names_each_component_and_the_versions() -> None:
    for name in COMPONENTS:
        assert f"| `{name}` |" in GUIDE
    assert f"Kubernetes {OLDEST} to {NEWEST}" in " ".join(GUIDE.split())


def test_an_image_of_models_gets_its_name_from_the_overlay(tmp_path: Path) -> None:
    with write_overlay(tmp_path, "model-image").open("a", encoding="utf-8") as file:
        file.write('images: [{name: slotline-models, newName: example.org/m, newTag: "2"}]\n')
    [deployment] = [each for each in render(tmp_path) if each["kind"] == "Deployment"]
    [volume] = deployment["spec"]["template"]["spec"]["volumes"]
    assert volume["image"]["reference"] == "example.org/m:2"


def test_a_changed_setting_gives_the_pods_another_configuration(overlay: Overlay) -> None:
    def name(objects: list[Object]) -> str:
        [settings] = [each for each in objects if each["kind"] == "ConfigMap"]
        return str(settings["metadata"]["name"])

    before = name(overlay())
    assert before != name(overlay("api-keys"))
    assert re.fullmatch(r"slotline-settings-\w{10}", before)


@pytest.mark.parametrize(
    ("text", "amount"),
    [("1", 1), ("500m", 0.5), ("192Mi", 192 * 1024**2), ("1.5G", 1.5e9), (2, 2), ("1k", 1000)],
)
def test_quantities_are_read(text: object, amount: float) -> None:
    assert quantity(text) == amount


GONE = object()
ALIEN = {"app.kubernetes.io/name": "another"}
OURS = {"app.kubernetes.io/name": "slotline", "app.kubernetes.io/component": "server"}
JOB = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "night"},
    "spec": {
        "template": {
            "metadata": {"labels": OURS},
            "spec": {"containers": [{"name": "night", "image": "night:1"}]},
        }
    },
}
AGAIN = {
    "apiVersion": "policy/v1",
    "kind": "PodDisruptionBudget",
    "metadata": {"name": "slotline"},
    "spec": {"maxUnavailable": 1, "selector": {"matchLabels": OURS}},
}
POD = "spec.template.spec"
ONE = f"{POD}.containers.0"
HPA, SCALED = "HorizontalPodAutoscaler", "ScaledObject"

# Component, kind, path, value in its place, and what is said of it. The API would accept these.
MUTATIONS = [
    # Identities
    ("", "Service", "metadata.namespace", "prod", "several namespaces"),
    ("", "", "", AGAIN, "is there twice"),
    # Selectors
    ("", "Deployment", "spec.selector.matchLabels", ALIEN, "of Deployment misses the pods"),
    ("", "Service", "spec.selector", ALIEN, "of Service misses the pods"),
    ("", "Service", "spec.selector", {}, "of Service is empty"),
    ("", "Service", "spec.selector", GONE, "of Service is empty"),
    ("", "PodDisruptionBudget", "spec.selector", {}, "of PodDisruptionBudget is empty"),
    ("", "PodDisruptionBudget", "spec.selector.matchLabels", ALIEN, "misses the pods"),
    ("", "NetworkPolicy", "spec.podSelector", {}, "of NetworkPolicy is empty"),
    ("", "NetworkPolicy", "spec.podSelector.matchLabels", ALIEN, "misses the pods"),
    ("", "Deployment", f"{POD}.topologySpreadConstraints.0.labelSelector", {}, "hostname is empty"),
    ("podmonitor", "PodMonitor", "spec.selector.matchLabels", ALIEN, "PodMonitor misses the pods"),
    ("", "", "", JOB, "of Service selects pods of a Job too"),
    (
        *("", "", ""),
        JOB | {"kind": "CronJob", "spec": {"jobTemplate": {"spec": JOB["spec"]}}},
        "selects pods of a CronJob too",
    ),
    # Ports
    ("", "Service", "spec.ports.0.targetPort", "htp", "Service names port 'htp'"),
    ("", "Service", "spec.ports.0.targetPort", GONE, "Service names port 80"),
    ("", "Deployment", f"{ONE}.ports.0.name", "web", "readinessProbe names port 'http'"),
    ("", "Deployment", f"{ONE}.ports.0.containerPort", 8080, "port is not 8000"),
    ("", "Deployment", f"{ONE}.livenessProbe.httpGet.port", 8001, "livenessProbe names port 8001"),
    ("", "NetworkPolicy", "spec.ingress.0.ports.0.port", 80, "NetworkPolicy names port 80"),
    ("podmonitor", "PodMonitor", "spec.podMetricsEndpoints.0.port", "metrics", "names port"),
    # Probes
    ("", "Deployment", f"{ONE}.readinessProbe", GONE, "no readinessProbe"),
    ("", "Deployment", f"{ONE}.startupProbe.httpGet.path", "/healthz", "does not answer"),
    ("", "Deployment", f"{ONE}.readinessProbe.httpGet.path", "/health/live", "does not ask"),
    ("", "Deployment", f"{ONE}.livenessProbe.httpGet.path", "/health/ready", "merely not ready"),
    ("", "Deployment", f"{ONE}.livenessProbe.timeoutSeconds", 30, "longer than its period"),
    ("podmonitor", "PodMonitor", "spec.podMetricsEndpoints.0.path", "/prom", "PodMonitor asks"),
    # Autoscaling
    ("", HPA, "spec.scaleTargetRef.name", "slotline-server", "something else"),
    ("", HPA, "spec.scaleTargetRef.kind", "StatefulSet", "something else"),
    ("", HPA, "spec.minReplicas", 30, "allows 30 to 20"),
    ("", HPA, "spec.minReplicas", 1, "2 or more"),
    ("", "Deployment", "spec.replicas", 3, "undoes what the autoscaler did"),
    ("", "Deployment", f"{ONE}.resources.requests.cpu", GONE, "measures cpu in shares"),
    ("keda", SCALED, "spec.scaleTargetRef.name", "slot", "something else"),
    ("keda", SCALED, "spec.fallback.replicas", 40, "falls back"),
    (
        *("keda", SCALED, "spec.triggers.0.metadata.query"),
        "sum(rate(slotline_sentences_total[1m]))",
        "metrics that are not there",
    ),
    ("keda", SCALED, "spec.triggers.0.metadata.query", "sum(up)", "metrics that are not there"),
    ("keda", SCALED, "spec.triggers.0.metadata.ignoreNullValues", "true", "takes pods away"),
    # Settings
    ("", "ConfigMap", "data.SLOTLINE_NOTICE", "10", "SLOTLINE_NOTICE is not a setting"),
    ("", "ConfigMap", "data.LOG_FORMAT", "json", "LOG_FORMAT is not a setting"),
    ("", "ConfigMap", "data.SLOTLINE_LOG_FORMAT", "yaml", "not valid"),
    ("", "ConfigMap", "data.SLOTLINE_WORKERS", "4", "several workers"),
    ("", "ConfigMap", "data.SLOTLINE_SHUTDOWN_DELAY", "20", "not in order"),
    ("", "ConfigMap", "data.SLOTLINE_SHUTDOWN_TIMEOUT", "30", "not in order"),
    ("", "Deployment", f"{POD}.terminationGracePeriodSeconds", 20, "not in order"),
    (
        *("", "Deployment", f"{ONE}.env"),
        [{"name": "SLOTLINE_SHUTDOWN_TIMEOUT", "value": "60"}],
        "not in order",
    ),
    ("api-keys", "ConfigMap", "data.SLOTLINE_API_KEYS_FILE", "/keys", "nothing is mounted"),
    # Security
    ("", "Deployment", f"{POD}.securityContext.runAsUser", 1000, "runAsUser is 1000"),
    ("", "Deployment", f"{POD}.securityContext.runAsGroup", 0, "runAsGroup is 0"),
    ("", "Deployment", f"{POD}.securityContext.runAsNonRoot", GONE, "runAsNonRoot is None"),
    ("", "Deployment", f"{POD}.securityContext.seccompProfile", GONE, "seccompProfile"),
    ("", "Deployment", f"{ONE}.securityContext.readOnlyRootFilesystem", False, "readOnlyRoot"),
    ("", "Deployment", f"{ONE}.securityContext.allowPrivilegeEscalation", GONE, "Escalation"),
    ("", "Deployment", f"{ONE}.securityContext.privileged", True, "privileged is True"),
    ("", "Deployment", f"{ONE}.securityContext.capabilities.add", ["NET_ADMIN"], "capabilities"),
    ("", "Deployment", f"{POD}.automountServiceAccountToken", True, "automountServiceAccount"),
    ("", "Deployment", f"{POD}.hostNetwork", True, "hostNetwork is True"),
    ("", "NetworkPolicy", "spec.policyTypes", ["Ingress"], "leaves a direction open"),
    ("", "NetworkPolicy", "spec.ingress.0", {}, "every port"),
    ("", "NetworkPolicy", "", GONE, "no NetworkPolicy"),
    # Resources
    ("", "Deployment", f"{ONE}.resources", GONE, "no memory is requested"),
    ("", "Deployment", f"{ONE}.resources.limits", GONE, "memory has no limit"),
    ("", "Deployment", f"{ONE}.resources.limits.cpu", "2", "cpu has a limit"),
    ("", "Deployment", f"{ONE}.resources.requests.cpu", "1 core", "'1 core' is no quantity"),
    ("", "Deployment", f"{ONE}.resources.requests.memory", "1Gi", "more memory is requested"),
    # References
    ("", "Deployment", f"{ONE}.envFrom.0.configMapRef.name", "settings", "no ConfigMap settings"),
    ("api-keys", "Deployment", f"{POD}.volumes.0.secret.secretName", "keys", "the Secret keys"),
    ("api-keys", "Deployment", f"{POD}.volumes.0.name", "keys", "volume without a mount"),
    ("api-keys", "Deployment", f"{POD}.volumes", GONE, "mount without a volume"),
    ("api-keys", "Deployment", f"{ONE}.volumeMounts.0.readOnly", GONE, "can be written to"),
    # Images
    ("", "Deployment", f"{ONE}.image", "example.org:5000/slotline", "needs a tag"),
    ("", "Deployment", f"{ONE}.image", "slotline:latest", "needs a tag"),
    ("", "Deployment", f"{ONE}.image", "slotline:0.0.1", "the image is 0.0.1"),
    ("model-image", "Deployment", f"{POD}.volumes.0.image.reference", "models", "needs a tag"),
    # Bulk
    ("bulk", "Job", "spec.completionMode", GONE, "does not number its pods"),
    ("bulk", "Job", "spec.completions", 7, "another number of shards than of completions"),
    ("bulk", "Job", f"{ONE}.args.5", "$(JOB_COMPLETION_INDEX)/9", "another number of shards"),
    ("bulk", "Job", "spec.parallelism", 9, "more pods at once than shards"),
    ("bulk", "Job", "spec.backoffLimitPerIndex", GONE, "stop all others"),
    ("bulk", "Job", f"{ONE}.env.0", GONE, "do not know which shard"),
    ("bulk", "Job", f"{ONE}.args.0", "tga", "not those of `slotline tag`"),
    ("bulk", "Job", f"{ONE}.args.4", "--shards", "not those of `slotline tag`"),
    ("bulk", "Job", f"{ONE}.args.5", "$(JOB_COMPLETION_INDEX)", "not those of `slotline tag`"),
    ("bulk", "Job", f"{ONE}.args.1", "/in.jsonl", "/in.jsonl, where nothing is mounted"),
    ("bulk", "Job", f"{ONE}.args.3", "/data/out.jsonl", "which is no folder"),
    ("bulk", "Job", f"{ONE}.volumeMounts.0.readOnly", True, "cannot write to /data/out/"),
    ("bulk", "Job", f"{POD}.volumes.0.persistentVolumeClaim.claimName", "disk", "Claim disk"),
    ("bulk", "Job", f"{POD}.securityContext.runAsUser", 0, "runAsUser is 0"),
    ("bulk", "Job", f"{ONE}.securityContext.readOnlyRootFilesystem", GONE, "readOnlyRoot"),
    ("bulk", "Job", f"{ONE}.resources.limits", GONE, "memory has no limit"),
    ("bulk", "Job", f"{ONE}.image", "slotline:latest", "needs a tag"),
    ("bulk", "Job", "spec.template.metadata.labels", OURS, "selects pods of a Job too"),
    ("bulk", "Job", "metadata.name", "tagging", "no NetworkPolicy for the Job"),
    # Disruptions
    ("", "Deployment", "spec.strategy.rollingUpdate.maxSurge", 0, "nothing can be rolled out"),
    ("", "Deployment", "spec.strategy.rollingUpdate", GONE, "takes pods away"),
    ("", "PodDisruptionBudget", "spec.maxUnavailable", 0, "does not let one pod"),
    ("", "PodDisruptionBudget", "", GONE, "no PodDisruptionBudget"),
]

# What the API itself would refuse.
INVALID = [
    ("", "Deployment", f"{ONE}.readinessProbe.periodSecond", 5, "periodSecond"),
    ("", "Deployment", f"{ONE}.ports.0.containerPort", "8000", "'8000' is not"),
    ("", "Deployment", f"{ONE}.securityContext.readOnlyRootFilesystem", "true", "'true' is not"),
    ("", "Deployment", "spec.selector", GONE, "'selector' is a required property"),
    ("", HPA, "spec.minReplica", 2, "minReplica"),
    ("", "PodDisruptionBudget", "apiVersion", "policy/v1beta1", "Couldn't find schema"),
    ("", "Service", "kind", "Servcie", "Couldn't find schema"),
    ("bulk", "Job", "spec.completions", "8", "'8' is not"),
    ("bulk", "Job", f"{POD}.restartPolicies", "Never", "restartPolicies"),
    ("podmonitor", "PodMonitor", "spec.podMetricsEndpoints.0.port", 8000, "8000 is not"),
    ("podmonitor", "PodMonitor", "spec.podMetricEndpoints", [], "podMetricEndpoints"),
    ("keda", SCALED, "spec.minReplicaCount", "2", "'2' is not"),
    ("keda", SCALED, "spec.triggers.0.metadata.threshold", "most", "'most' does not match"),
    ("keda", SCALED, "spec.pollInterval", 15, "pollInterval"),
]


def mutated(objects: list[Object], kind: str, path: str, value: object) -> list[Object]:
    """With the value in its place in the one object of this kind; GONE takes away."""
    objects = copy.deepcopy(objects)
    if not kind:
        assert isinstance(value, dict)
        return [*objects, value]
    [found] = [each for each in objects if each["kind"] == kind]
    if not path:
        return [each for each in objects if each is not found]
    *parents, last = path.split(".")
    place: Any = found
    for key in parents:
        place = place[int(key) if isinstance(place, list) else key]
    at = int(last) if isinstance(place, list) else last
    if value is GONE:
        del place[at]
    else:
        assert isinstance(place, list) or place.get(last) != value, "a mutation changes something"
        place[at] = value
    return objects


def _named(mutation: tuple[object, ...]) -> str:
    _, kind, path, value, _ = mutation
    return f"{kind or 'beside'} {path} {'gone' if value is GONE else str(value)[:20]}"


@pytest.mark.parametrize(
    ("component", "kind", "path", "value", "told"), MUTATIONS, ids=map(_named, MUTATIONS)
)
def test_what_would_not_work_is_found(
    component: str,
    kind: str,
    path: str,
    value: object,
    told: str,
    facts: Facts,
    overlay: Overlay,
) -> None:
    objects = overlay(*component.split())
    found = faults(mutated(objects, kind, path, value), facts)
    assert any(told in fault for fault in found), found


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize(
    ("component", "kind", "path", "value", "told"), INVALID, ids=map(_named, INVALID)
)
def test_what_the_api_refuses_is_found(
    component: str,
    kind: str,
    path: str,
    value: object,
    told: str,
    version: str,
    overlay: Overlay,
) -> None:
    objects = overlay(*component.split())
    found = schema_faults(mutated(objects, kind, path, value), version)
    assert any(told in fault for fault in found), found


def test_a_process_with_the_settings_of_the_pods_starts_and_stops_as_the_probes_expect(
    overlay: Overlay, toy_bundle: Path
) -> None:
    by_kind = {each["kind"]: each for each in overlay()}
    container = by_kind["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    startup, ready, live = (
        container[f"{name}Probe"]["httpGet"]["path"]
        for name in ("startup", "readiness", "liveness")
    )
    settings = by_kind["ConfigMap"]["data"] | {"SLOTLINE_MODEL_DIR": str(toy_bundle)}
    with serving(**settings) as (client, process):
        for path in (startup, ready, live):
            assert client.get(path).status_code == 200
        process.send_signal(signal.SIGTERM)
        until = time.monotonic() + 10
        while client.get(ready).status_code == 200:
            assert time.monotonic() < until
        # Until the cluster has removed the pod's address it serves on, and is not restarted.
        assert client.get(live).status_code == 200
        assert client.post("/slots", json={"text": "leave Taipei"}).status_code == 200
        process.send_signal(signal.SIGTERM)  # a second one skips the delay
        assert process.wait(10) == 0


def test_two_autoscalers_are_one_too_many(facts: Facts, overlay: Overlay) -> None:
    [scaled] = [each for each in overlay("keda") if each["kind"] == SCALED]
    found = faults([*overlay(), scaled], facts)
    assert found == ["there are 2 autoscalers: one must decide"]
