"""
The pod of deploy/kubernetes, run by podman from the rendered manifests with the real image.

Skipped unless POD_IMAGE names an image that podman has; PODMAN may hold its command with options.
Podman turns probes into commands that the image lacks, so this test asks what they would ask.
"""

import json
import os
import shlex
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
import yaml

from tests.deploy.balancers import free_ports
from tests.deploy.manifests import Object
from tests.deploy.test_kubernetes import MANIFESTS, render

IMAGE = os.environ.get("POD_IMAGE", "")
PODMAN = shlex.split(os.environ.get("PODMAN", "podman"))
pytestmark = [
    pytest.mark.linux,
    pytest.mark.skipif(
        not IMAGE or shutil.which(PODMAN[0]) is None,
        reason="POD_IMAGE names no image, or there is no podman",
    ),
]
NAME = "slotline-pod-0-slotline"


def podman(*arguments: str) -> str:
    # Into a file: what podman leaves running would keep a pipe open.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*PODMAN, *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )
        output.seek(0)
        text = output.read()
    assert done.returncode == 0, text
    return text


@pytest.fixture(scope="module")
def deployment() -> Object:
    [found] = [each for each in render(MANIFESTS / "base") if each["kind"] == "Deployment"]
    return found


@pytest.fixture
def pod(deployment: Object, tmp_path: Path) -> Iterator[httpx2.Client]:
    [port] = free_ports(1)
    [settings] = [each for each in render(MANIFESTS / "base") if each["kind"] == "ConfigMap"]
    settings["data"] |= {"HOST": "127.0.0.1", "PORT": str(port)}
    played = yaml.safe_load(json.dumps(deployment))
    played["spec"]["replicas"] = 1
    container = played["spec"]["template"]["spec"]["containers"][0]
    container |= {"image": IMAGE, "imagePullPolicy": "Never"}
    for name in ("startupProbe", "readinessProbe", "livenessProbe", "ports"):
        del container[name]
    file = tmp_path / "pod.yaml"
    file.write_text(yaml.safe_dump_all([settings, played]), encoding="utf-8")
    try:
        podman("kube", "play", "--network", "host", str(file))
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            yield client
    finally:
        podman("pod", "rm", "--force", "slotline-pod-0")


def test_the_pod_is_ready_confined_and_stops_in_its_grace(
    pod: httpx2.Client, deployment: Object
) -> None:
    spec = deployment["spec"]["template"]["spec"]
    [container] = spec["containers"]
    startup = container["startupProbe"]
    until = time.monotonic() + startup["failureThreshold"] * startup["periodSeconds"]
    while True:
        try:
            assert pod.get(startup["httpGet"]["path"]).status_code == 200
            break
        except httpx2.TransportError:
            assert time.monotonic() < until
            time.sleep(0.2)
    assert pod.get(container["livenessProbe"]["httpGet"]["path"]).status_code == 200
    assert pod.post("/slots", json={"text": "two seats to boston"}).status_code == 200

    process = int(podman("inspect", "--format", "{{.State.Pid}}", NAME))
    status = dict(
        line.split(":\t", 1)
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if ":\t" in line
    )
    user = str(spec["securityContext"]["runAsUser"])
    assert set(status["Uid"].split()) == {user}
    assert int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"] == "1"
    mounts = Path(f"/proc/{process}/mounts").read_text().splitlines()
    [root] = [fields for fields in map(str.split, mounts) if fields[1] == "/"]
    assert "ro" in root[3].split(",")

    # As the kubelet does: SIGTERM, and SIGKILL after the grace, which the exit code would show.
    grace = spec["terminationGracePeriodSeconds"]
    ready = container["readinessProbe"]["httpGet"]["path"]
    quiet = subprocess.DEVNULL
    stop = [*PODMAN, "stop", "--time", str(grace), NAME]
    with subprocess.Popen(stop, stdout=quiet, stderr=quiet) as stopping:
        until = time.monotonic() + grace
        while pod.get(ready).status_code == 200:
            assert time.monotonic() < until
        assert pod.post("/slots", json={"text": "two seats to boston"}).status_code == 200
        assert stopping.wait(2 * grace) == 0
    assert podman("inspect", "--format", "{{.State.ExitCode}}", NAME).strip() == "0"
