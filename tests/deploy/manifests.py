"""
What is wrong with rendered Kubernetes manifests of the service.

`schema_faults` holds each object to the API of one Kubernetes version, unknown fields included.
`faults` holds the objects to each other, to the image and to the application: what an API server
would accept, and what would yet not work.
"""

import argparse
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from unittest import mock

import jsonschema
import kubernetes_validate
from kubernetes_validate import SchemaNotFoundError
from pydantic import ValidationError

from app.bulk.command import add_arguments
from app.settings import Settings

Object = dict[str, Any]

# What containers may be given beside the service's own settings.
OTHER_VARIABLES = re.compile(r"FORWARDED_ALLOW_IPS|OTEL_\w+")
QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(m|k|M|G|T|Ki|Mi|Gi|Ti)?")
FACTORS = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12} | {
    f"{letter}i": 1024.0**power for power, letter in enumerate("KMGT", start=1)
}


@dataclass(frozen=True, slots=True)
class Facts:
    """
    What the manifests must agree with.

    ok_paths: tells whether the application answers a GET of a path with 200; metrics: the names
    that it exposes; secrets, claims: the Secrets and PersistentVolumeClaims that an operator is
    told to make.
    """

    version: str
    user: int
    group: int
    port: int
    answers: Callable[[str], bool]
    metrics: frozenset[str]
    secrets: frozenset[str]
    claims: frozenset[str]


def _strict(**properties: Any) -> Object:
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, schema in properties.items() if not schema.get("optional")],
        "additionalProperties": False,
    }


_STRING, _COUNT = {"type": "string"}, {"type": "integer", "minimum": 0}
_LABELS = {"type": "object", "additionalProperties": _STRING}
_METADATA = _strict(
    name=_STRING,
    namespace={"type": "string", "optional": True},
    labels=_LABELS,
    annotations={**_LABELS, "optional": True},
)
_RULES = _strict(
    stabilizationWindowSeconds=_COUNT,
    selectPolicy={"enum": ["Max", "Min", "Disabled"], "optional": True},
    policies={
        "type": "array",
        "minItems": 1,
        "items": _strict(
            type={"enum": ["Pods", "Percent"]}, value=_COUNT, periodSeconds={**_COUNT, "minimum": 1}
        ),
    },
)
# Of what other projects add to Kubernetes, the fields that are used here.
CUSTOM: dict[str, Object] = {
    "PodMonitor": _strict(
        apiVersion={"const": "monitoring.coreos.com/v1"},
        kind=_STRING,
        metadata=_METADATA,
        spec=_strict(
            selector=_strict(matchLabels=_LABELS),
            podMetricsEndpoints={
                "type": "array",
                "minItems": 1,
                "items": _strict(
                    port=_STRING, path=_STRING, interval={"type": "string", "pattern": "^\\d+s$"}
                ),
            },
        ),
    ),
    "ScaledObject": _strict(
        apiVersion={"const": "keda.sh/v1alpha1"},
        kind=_STRING,
        metadata=_METADATA,
        spec=_strict(
            scaleTargetRef=_strict(apiVersion=_STRING, kind=_STRING, name=_STRING),
            minReplicaCount=_COUNT,
            maxReplicaCount=_COUNT,
            pollingInterval=_COUNT,
            fallback=_strict(
                failureThreshold=_COUNT,
                replicas=_COUNT,
                behavior={
                    "enum": [
                        "static",
                        "currentReplicas",
                        "currentReplicasIfHigher",
                        "currentReplicasIfLower",
                    ]
                },
            ),
            advanced=_strict(
                horizontalPodAutoscalerConfig=_strict(
                    name=_STRING, behavior=_strict(scaleUp=_RULES, scaleDown=_RULES)
                )
            ),
            triggers={
                "type": "array",
                "minItems": 1,
                "items": _strict(
                    type={"const": "prometheus"},
                    metricType={"enum": ["AverageValue", "Value"]},
                    metadata=_strict(
                        serverAddress={"type": "string", "pattern": "^https?://"},
                        query=_STRING,
                        threshold={"type": "string", "pattern": "^[1-9][0-9]*$"},
                        ignoreNullValues={"enum": ["true", "false"]},
                    ),
                ),
            },
        ),
    ),
}


def schema_faults(objects: Sequence[Object], version: str) -> list[str]:
    """What a Kubernetes of this version, such as `1.33`, would refuse."""
    found = (_schema_fault(json.dumps(each), version) for each in objects)
    return [fault for fault in found if fault is not None]


@cache  # most objects of most renderings are the same, and the schemas are large
def _schema_fault(written: str, version: str) -> str | None:
    each: Object = json.loads(written)
    try:
        if each["kind"] in CUSTOM:
            jsonschema.validate(each, CUSTOM[each["kind"]])
        else:
            kubernetes_validate.validate(each, version, strict=True)
    except jsonschema.ValidationError as error:
        path = ".".join(map(str, error.path))
        return f"{each['kind']} {path}: {error.message}"
    except SchemaNotFoundError as error:
        return str(error.message)
    return None


def faults(objects: Sequence[Object], facts: Facts) -> list[str]:
    """What would not work, each as a sentence; an empty list if all is well."""
    manifests = _Manifests(objects, facts)
    return [fault for check in _CHECKS for fault in check(manifests)]


class _Manifests:
    def __init__(self, objects: Sequence[Object], facts: Facts) -> None:
        self.objects = objects
        self.facts = facts
        [self.deployment] = self.of_kind("Deployment")
        self.template: Object = self.deployment["spec"]["template"]
        self.pod: Object = self.template["spec"]
        [self.container] = self.pod["containers"]

    def of_kind(self, *kinds: str) -> list[Object]:
        return [each for each in self.objects if each["kind"] in kinds]

    @property
    def pods(self) -> list[Object]:
        """Of the Deployment and of each Job."""
        return [self.pod, *(job["spec"]["template"]["spec"] for job in self.of_kind("Job"))]

    def settings(self) -> dict[str, str]:
        """The environment of the container, as far as ConfigMaps and literals tell."""
        found: dict[str, str] = {}
        maps = {each["metadata"]["name"]: each for each in self.of_kind("ConfigMap")}
        for source in self.container.get("envFrom", ()):
            reference = source.get("configMapRef", {}).get("name")
            found |= maps.get(reference, {}).get("data", {})
        for variable in self.container.get("env", ()):
            found[variable["name"]] = variable.get("value", "")
        return found


def quantity(value: object) -> float:
    """What `500m` or `192Mi` amounts to; raises ValueError."""
    match = QUANTITY.fullmatch(str(value))
    if match is None:
        raise ValueError(f"{value!r} is no quantity")
    return float(match[1]) * FACTORS.get(match[2], 1.0)


def _identities(manifests: _Manifests) -> Iterator[str]:
    seen = set()
    for each in manifests.objects:
        identity = each["kind"], each["metadata"]["name"]
        if identity in seen:
            yield f"{identity} is there twice"
        seen.add(identity)
    if len({each["metadata"].get("namespace") for each in manifests.objects}) > 1:
        yield "the objects are in several namespaces"


def _selectors(manifests: _Manifests) -> Iterator[str]:
    """Each must select the pods of its own component, and none of another's."""
    pods = {
        each["metadata"]["name"]: (each["kind"], template["metadata"].get("labels", {}))
        for each in manifests.objects
        if (template := _pod_template(each.get("spec", {})))
    }
    for where, component, selector in _selectors_of(manifests):
        # What is named for a Job is for its pods, and all else for those of the Deployment.
        owner = component if component in pods else manifests.deployment["metadata"]["name"]
        kind, labels = pods[owner]
        if not selector:
            yield f"the selector of {where} is empty: it may select every pod of the namespace"
        elif not selector.items() <= labels.items():
            yield f"the selector of {where} misses the pods of the {kind}"
        for name, (other, strange) in pods.items():
            if name != owner and selector.items() <= strange.items():
                yield f"the selector of {where} selects pods of a {other} too"


def _pod_template(spec: Object) -> Object | None:
    """Of a workload's specification, a CronJob's included."""
    inner = spec.get("jobTemplate", {}).get("spec", spec)
    template: Object | None = inner.get("template")
    return template


def _selectors_of(manifests: _Manifests) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """What has a selector, the name that tells whose pods it is for, and the selector."""
    for each in manifests.objects:
        kind, name, spec = each["kind"], each["metadata"]["name"], each.get("spec", {})
        if kind == "Service":
            yield kind, name, spec.get("selector", {})
        elif kind in ("Deployment", "PodDisruptionBudget", "PodMonitor"):
            yield kind, name, spec.get("selector", {}).get("matchLabels", {})
        elif kind == "NetworkPolicy":
            yield kind, name, spec.get("podSelector", {}).get("matchLabels", {})
    for constraint in manifests.pod.get("topologySpreadConstraints", ()):
        labels = constraint.get("labelSelector", {}).get("matchLabels", {})
        name = manifests.deployment["metadata"]["name"]
        yield f"the spread over {constraint['topologyKey']}", name, labels


def _ports(manifests: _Manifests) -> Iterator[str]:
    ports = manifests.container["ports"]
    known = {port["name"] for port in ports} | {port["containerPort"] for port in ports}
    for where, port in _ports_of(manifests):
        if port not in known:
            yield f"{where} names port {port!r}, which the container has not"
    if [port["containerPort"] for port in ports] != [manifests.facts.port]:
        yield f"the container's port is not {manifests.facts.port}, where the image listens"


def _ports_of(manifests: _Manifests) -> Iterator[tuple[str, str | int]]:
    for name, probe in _probes_of(manifests):
        yield name, probe["port"]
    for each in manifests.of_kind("Service"):
        for port in each["spec"]["ports"]:
            yield "Service", port.get("targetPort", port["port"])
    for each in manifests.of_kind("NetworkPolicy"):
        for rule in each["spec"].get("ingress", ()):
            for port in rule.get("ports", ()):
                yield "NetworkPolicy", port["port"]
    for each in manifests.of_kind("PodMonitor"):
        for endpoint in each["spec"]["podMetricsEndpoints"]:
            yield "PodMonitor", endpoint["port"]


def _probes_of(manifests: _Manifests) -> Iterator[tuple[str, Object]]:
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        if request := manifests.container.get(name, {}).get("httpGet"):
            yield name, request


def _probes(manifests: _Manifests) -> Iterator[str]:
    probes = dict(_probes_of(manifests))
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        if name not in probes:
            yield f"there is no {name} of HTTP"
    for name, request in probes.items():
        if not manifests.facts.answers(request["path"]):
            yield f"{name} asks for {request['path']}, which the application does not answer"
        probe = manifests.container[name]
        if probe.get("timeoutSeconds", 1) > probe.get("periodSeconds", 10):
            yield f"{name} waits for longer than its period"
    if "livenessProbe" in probes and probes["livenessProbe"]["path"].endswith("/ready"):
        yield "livenessProbe restarts pods that are merely not ready"
    if "readinessProbe" in probes and not probes["readinessProbe"]["path"].endswith("/ready"):
        yield "readinessProbe does not ask whether the pod is ready"
    for each in manifests.of_kind("PodMonitor"):
        for endpoint in each["spec"]["podMetricsEndpoints"]:
            if not manifests.facts.answers(endpoint["path"]):
                yield f"PodMonitor asks for {endpoint['path']}, which the application has not"


def _autoscaling(manifests: _Manifests) -> Iterator[str]:
    scalers = manifests.of_kind("HorizontalPodAutoscaler", "ScaledObject")
    if len(scalers) != 1:
        yield f"there are {len(scalers)} autoscalers: one must decide"
    if "replicas" in manifests.deployment["spec"]:
        yield "the Deployment sets replicas, which undoes what the autoscaler did"
    for scaler in scalers:
        spec = scaler["spec"]
        target = spec["scaleTargetRef"]
        wanted = manifests.deployment
        if (target["apiVersion"], target["kind"], target["name"]) != (
            wanted["apiVersion"],
            wanted["kind"],
            wanted["metadata"]["name"],
        ):
            yield f"{scaler['kind']} scales something else than the Deployment"
        least = spec.get("minReplicas", spec.get("minReplicaCount", 1))
        most = spec.get("maxReplicas", spec.get("maxReplicaCount", 1))
        if not 2 <= least <= most:
            yield f"{scaler['kind']} allows {least} to {most} pods: it must be 2 or more, in order"
        if not least <= spec.get("fallback", {}).get("replicas", least) <= most:
            yield f"{scaler['kind']} falls back to a number of pods that it does not allow"
        for metric in spec.get("metrics", ()):
            name = metric.get("resource", {}).get("name")
            if name and name not in manifests.container.get("resources", {}).get("requests", {}):
                yield f"{scaler['kind']} measures {name} in shares of a request that is not there"
        for trigger in spec.get("triggers", ()):
            names = set(re.findall(r"slotline_\w+", trigger["metadata"]["query"]))
            if not names or names - manifests.facts.metrics:
                yield f"{scaler['kind']} asks for metrics that are not there: {sorted(names)}"
            if trigger["metadata"].get("ignoreNullValues") != "false":
                yield f"{scaler['kind']} takes pods away where metrics are missing"


def _settings(manifests: _Manifests) -> Iterator[str]:
    variables = manifests.settings()
    prefix = Settings.model_config["env_prefix"]
    known = {
        field.validation_alias or f"{prefix}{name}".upper()
        for name, field in Settings.model_fields.items()
    }
    for name in variables:
        if name not in known and not OTHER_VARIABLES.fullmatch(name):
            yield f"{name} is not a setting"
    try:
        with mock.patch.dict("os.environ", variables, clear=True):
            settings = Settings()
    except ValidationError as error:
        yield f"the settings are not valid: {error}"
        return
    delay, timeout = settings.shutdown_delay, settings.shutdown_timeout
    grace = manifests.pod.get("terminationGracePeriodSeconds", 30)
    if not delay < timeout < grace:
        yield f"not in order: delay {delay:g} s, timeout {timeout:g} s, termination {grace:g} s"
    if settings.workers != 1:
        yield "there are several workers in a pod: add pods"
    mounts = [mount["mountPath"] for mount in manifests.container.get("volumeMounts", ())]
    for name, value in variables.items():
        if name.endswith("_FILE") and not any(value.startswith(f"{mount}/") for mount in mounts):
            yield f"{name} is {value}, where nothing is mounted"


def _security(manifests: _Manifests) -> Iterator[str]:
    for pod in manifests.pods:
        yield from _security_of(pod, manifests.facts)
    policies = manifests.of_kind("NetworkPolicy")
    for policy in policies:
        if set(policy["spec"].get("policyTypes", ())) != {"Ingress", "Egress"}:
            yield "NetworkPolicy leaves a direction open"
        if any(not rule.get("ports") for rule in policy["spec"].get("ingress", ())):
            yield "NetworkPolicy lets every port be reached"
    protected = {policy["metadata"]["name"] for policy in policies}
    for owner in (manifests.deployment, *manifests.of_kind("Job")):
        if owner["metadata"]["name"] not in protected:
            yield f"there is no NetworkPolicy for the {owner['kind']}"


def _security_of(pod: Object, facts: Facts) -> Iterator[str]:
    of_pod = pod.get("securityContext", {})
    [container] = pod["containers"]
    own = container.get("securityContext", {})
    wanted = {
        "runAsNonRoot": (of_pod.get("runAsNonRoot"), True),
        "runAsUser": (of_pod.get("runAsUser"), facts.user),
        "runAsGroup": (of_pod.get("runAsGroup"), facts.group),
        "seccompProfile": (of_pod.get("seccompProfile", {}).get("type"), "RuntimeDefault"),
        "readOnlyRootFilesystem": (own.get("readOnlyRootFilesystem"), True),
        "allowPrivilegeEscalation": (own.get("allowPrivilegeEscalation"), False),
        "privileged": (own.get("privileged", False), False),
        "capabilities": (own.get("capabilities"), {"drop": ["ALL"]}),
        "automountServiceAccountToken": (pod.get("automountServiceAccountToken"), False),
    }
    wanted |= {
        name: (pod.get(name, False), False) for name in ("hostNetwork", "hostPID", "hostIPC")
    }
    for name, (value, expected) in wanted.items():
        if value != expected:
            yield f"{name} is {value!r} and must be {expected!r}"


def _resources(manifests: _Manifests) -> Iterator[str]:
    for pod in manifests.pods:
        [container] = pod["containers"]
        yield from _resources_of(container.get("resources", {}))


def _resources_of(resources: Object) -> Iterator[str]:
    requests, limits = resources.get("requests", {}), resources.get("limits", {})
    for name in ("cpu", "memory"):
        if name not in requests:
            yield f"no {name} is requested"
    if "memory" not in limits:
        yield "memory has no limit"
    if "cpu" in limits:
        yield "cpu has a limit, which holds busy pods up"
    try:
        amounts = {name: quantity(value) for name, value in requests.items()}
        most = {name: quantity(value) for name, value in limits.items()}
    except ValueError as error:
        yield str(error)
        return
    for name in amounts.keys() & most.keys():
        if amounts[name] > most[name]:
            yield f"more {name} is requested than the limit allows"


def _references(manifests: _Manifests) -> Iterator[str]:
    maps = {each["metadata"]["name"] for each in manifests.of_kind("ConfigMap")}
    for pod in manifests.pods:
        [container] = pod["containers"]
        volumes = pod.get("volumes", ())
        for source in (*container.get("envFrom", ()), *volumes):
            reference = source.get("configMapRef", source.get("configMap", {})).get("name")
            if reference and reference not in maps:
                yield f"there is no ConfigMap {reference}"
            secret = source.get("secretRef", {}).get("name") or source.get("secret", {}).get(
                "secretName"
            )
            if secret and secret not in manifests.facts.secrets:
                yield f"nobody is told to make the Secret {secret}"
            claim = source.get("persistentVolumeClaim", {}).get("claimName")
            if claim and claim not in manifests.facts.claims:
                yield f"nobody is told to make the PersistentVolumeClaim {claim}"
        mounts = container.get("volumeMounts", ())
        unmatched = {volume["name"] for volume in volumes} ^ {mount["name"] for mount in mounts}
        for name in sorted(unmatched):
            yield f"{name} is a volume without a mount, or a mount without a volume"
    for mount in manifests.container.get("volumeMounts", ()):
        if not mount.get("readOnly"):
            yield f"{mount['mountPath']} can be written to"


def _images(manifests: _Manifests) -> Iterator[str]:
    for pod in manifests.pods:
        [container] = pod["containers"]
        volumes = [volume["image"] for volume in pod.get("volumes", ()) if "image" in volume]
        for image in (container["image"], *(volume["reference"] for volume in volumes)):
            _, _, tag = image.rpartition("/")[2].partition(":")
            if tag in ("", "latest"):
                yield f"{image} may be another image tomorrow: it needs a tag"
        tag = container["image"].rpartition(":")[2]
        if tag not in (manifests.facts.version, f"{manifests.facts.version}-gpu"):
            yield f"the image is {tag}, and this is {manifests.facts.version}"


def _bulk(manifests: _Manifests) -> Iterator[str]:
    """Of each Job, that its pods do all shards and can read and write what they name."""
    for job in manifests.of_kind("Job"):
        spec = job["spec"]
        if spec.get("completionMode") != "Indexed":
            yield "the Job does not number its pods"
        if "backoffLimitPerIndex" not in spec:
            yield "a few failures of one shard stop all others of the Job"
        if spec.get("parallelism", 1) > spec.get("completions", 1):
            yield "the Job has more pods at once than shards"
        [container] = spec["template"]["spec"]["containers"]
        listed = {variable["name"] for variable in container.get("env", ())}
        if "JOB_COMPLETION_INDEX" not in listed:
            yield "the pods of the Job do not know which shard they are"
        options = _options_of(container.get("args", ()))
        if options is None:
            yield "the arguments of the Job are not those of `slotline tag`"
            continue
        if not options.shard or options.shard.count != spec.get("completions", 1):
            yield "the Job has another number of shards than of completions"
        mounts = {
            mount["mountPath"]: not mount.get("readOnly", False)
            for mount in container.get("volumeMounts", ())
        }
        for path, writes in ((options.input, False), (options.out, True)):
            places = [mount for mount in mounts if path.startswith(f"{mount}/")]
            if not places:
                yield f"the Job names {path}, where nothing is mounted"
            elif writes and not mounts[places[0]]:
                yield f"the Job cannot write to {path}"
        if not options.out.endswith("/"):
            yield f"the Job writes to {options.out}, which is no folder"


def _options_of(arguments: Sequence[str]) -> argparse.Namespace | None:
    """What the pod of shard 0 is told, if the command understands it."""
    name, *rest = arguments or [""]
    parser = argparse.ArgumentParser(exit_on_error=False, allow_abbrev=False)
    add_arguments(parser)
    try:
        options, strange = parser.parse_known_args(
            [each.replace("$(JOB_COMPLETION_INDEX)", "0") for each in rest]
        )
    except (argparse.ArgumentError, SystemExit):
        return None
    return options if name == "tag" and not strange else None


def _disruptions(manifests: _Manifests) -> Iterator[str]:
    roll = manifests.deployment["spec"].get("strategy", {}).get("rollingUpdate", {})
    surge, unavailable = (_count(roll.get(name, "25%")) for name in ("maxSurge", "maxUnavailable"))
    if not surge and not unavailable:
        yield "maxSurge and maxUnavailable are 0: nothing can be rolled out"
    if unavailable and surge:
        yield "a roll-out takes pods away before others are there"
    budgets = manifests.of_kind("PodDisruptionBudget")
    if not budgets:
        yield "there is no PodDisruptionBudget"
    for budget in budgets:
        if _count(budget["spec"].get("maxUnavailable", 0)) != 1:
            yield "PodDisruptionBudget does not let one pod at a time be moved"


def _count(value: int | str) -> int:
    """Of `1` or `25%`, where only zero matters."""
    return int(str(value).rstrip("%"))


_CHECKS = (
    _identities,
    _selectors,
    _ports,
    _probes,
    _autoscaling,
    _settings,
    _security,
    _resources,
    _references,
    _images,
    _bulk,
    _disruptions,
)
