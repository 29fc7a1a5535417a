"""The manifest is valid, its parts fit each other, and it runs what the image holds."""

from pathlib import Path

import kubernetes_validate
import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / ".deploy"
OBJECTS = {one["kind"]: one for one in yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())}
POD = OBJECTS["Deployment"]["spec"]["template"]
(LAB,) = POD["spec"]["containers"]


@pytest.mark.parametrize("kind", ["Deployment", "PodDisruptionBudget", "Service", "Ingress"])
def test_each_object_is_valid(kind):
    kubernetes_validate.validate(OBJECTS[kind], "1.33", strict=True)


def test_the_validator_would_notice():
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate({**OBJECTS["Service"], "specs": {}}, "1.33", strict=True)


def test_every_selector_finds_the_pods():
    labels = POD["metadata"]["labels"]
    assert OBJECTS["Deployment"]["spec"]["selector"]["matchLabels"] == labels
    assert OBJECTS["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"] == labels
    assert OBJECTS["Service"]["spec"]["selector"] == labels


def test_the_way_in_leads_to_the_port():
    (rule,) = OBJECTS["Ingress"]["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    (port,) = OBJECTS["Service"]["spec"]["ports"]
    assert path["backend"]["service"] == {
        "name": OBJECTS["Service"]["metadata"]["name"],
        "port": {"name": port["name"]},
    }
    assert port["targetPort"] == LAB["ports"][0]["name"]
    command = (DEPLOY / "Dockerfile").read_text().splitlines()[-1]
    assert f'"{LAB["ports"][0]["containerPort"]}"]' in command
    assert '"-m", "pages.shared.server"' in command


def test_the_probes_use_a_name_that_it_answers_to():
    (host,) = [one["value"] for one in LAB["env"] if one["name"] == "ALLOWED_HOSTS"]
    for probe in "startupProbe", "readinessProbe", "livenessProbe":
        asked = LAB[probe]["httpGet"]
        assert (asked["path"], asked["httpHeaders"]) == ("/_stcore/health", [{"name": "Host", "value": host}])
    assert host == OBJECTS["Ingress"]["spec"]["rules"][0]["host"]


def test_visitors_stay_with_one_replica_by_cookie():
    assert OBJECTS["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    annotations = OBJECTS["Service"]["metadata"]["annotations"]
    assert annotations["traefik.ingress.kubernetes.io/service.sticky.cookie"] == "true"
    assert OBJECTS["Deployment"]["spec"]["replicas"] > OBJECTS["PodDisruptionBudget"]["spec"]["minAvailable"]


def test_it_may_do_no_more_than_it_needs():
    assert POD["spec"]["securityContext"]["runAsNonRoot"]
    assert LAB["securityContext"]["readOnlyRootFilesystem"]
    assert not LAB["securityContext"]["allowPrivilegeEscalation"]
    assert LAB["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert LAB["resources"]["limits"]["memory"]
