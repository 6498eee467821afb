import json
import re

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.house.reading import ROOT, text

COMPOSE = yaml.safe_load(text(ROOT / "docker-compose.yml"))
SERVICES = COMPOSE["services"]
SCHEMA = ROOT / "tests" / "vectors" / "compose" / "compose-spec.json"
OURS = ("node", "web", "worker")
DOCKERFILE = text(ROOT / "Dockerfile")


def test_the_file_follows_the_compose_specification():
    schema = json.loads(text(SCHEMA))

    assert not list(Draft202012Validator(schema).iter_errors(COMPOSE))


def test_the_schema_refuses_a_service_with_a_spelling_mistake():
    schema = json.loads(text(SCHEMA))
    wrong = {"services": {"web": {"image": "folkmoot", "read_onyl": True}}}

    assert list(Draft202012Validator(schema).iter_errors(wrong))


def test_only_the_proxy_can_be_reached_from_outside():
    assert {name for name, service in SERVICES.items() if "ports" in service} == {
        "proxy"
    }
    assert SERVICES["proxy"]["ports"] == ["80:80", "443:443"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_writes_only_to_its_volumes(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service.get("privileged") is None


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_belongs_to_a_profile(name):
    assert set(SERVICES[name]["profiles"]) <= {"default", "scale"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_has_a_version(name):
    _, _, tag = SERVICES[name]["image"].partition(":")

    assert re.match(r"\d", tag)


def test_no_secret_has_a_default():
    secret = re.compile(r"\$\{(\w*(?:PASSWORD|SECRET|TOKEN|KEY)\w*)(.*?)\}")
    named = secret.findall(text(ROOT / "docker-compose.yml"))

    assert named
    assert all(rest.startswith(":?") for _, rest in named)


@pytest.mark.parametrize("name", OURS)
def test_keys_have_a_volume_of_their_own(name):
    mounted = dict(volume.split(":") for volume in SERVICES[name]["volumes"])

    assert mounted == {"data": "/data", "keys": "/keys"}


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_powers(name):
    assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_the_proxy_the_node_believes_is_the_proxy():
    address = SERVICES["proxy"]["networks"]["inside"]["ipv4_address"]
    believed = {
        SERVICES[name]["environment"]["FOLKMOOT_TRUSTED_PROXY"]
        for name in ("node", "web")
    }

    assert believed == {address}


def test_the_proxy_reads_a_request_whole_before_it_hands_it_on():
    assert "request_buffers" in text(ROOT / "Caddyfile")


def test_the_image_does_not_run_as_root_and_holds_no_secret():
    user = re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE)

    assert user == ["folkmoot"]
    assert not re.search(r"PASSWORD|SECRET|TOKEN", DOCKERFILE)


def test_the_image_installs_nothing_without_a_hash():
    installs = re.findall(r"pip install (.*)", DOCKERFILE)

    assert installs
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)


def test_the_base_of_the_image_has_a_tag():
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert all(re.fullmatch(r"python:3\.\d+-slim-\w+", base) for base in bases)
