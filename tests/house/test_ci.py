import os
import re
import subprocess
import tomllib

import yaml

from tests.house.reading import ROOT, listed, text

RUN = ROOT / ".ci" / "run"
MAKEFILE = text(ROOT / "Makefile")


def test_ci_is_one_strict_script():
    subprocess.run(["bash", "-n", RUN], check=True)  # noqa: S603, S607 - our script

    assert os.access(RUN, os.X_OK)
    assert "set -euo pipefail" in text(RUN)
    assert "make sure" in text(RUN)


def test_the_hosted_workflow_runs_the_same_script():
    workflow = yaml.safe_load(text(ROOT / ".github" / "workflows" / "ci.yml"))
    steps = workflow["jobs"]["sure"]["steps"]

    assert [step["run"] for step in steps if "run" in step][-1] == "bash .ci/run"
    assert workflow["permissions"] == {"contents": "read"}


def test_sure_runs_every_check():
    recipe = re.search(r"^sure: .*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    first, second = recipe.splitlines()

    assert first.split()[-3:] == ["lint", "audit", "coverage"]
    assert second == "\t$(MAKE) test"


def test_the_tests_hold_the_house_rules_and_the_documents():
    whole = re.search(r"^test: .*\n\t(.*)$", MAKEFILE, re.MULTILINE)[1]
    found = tomllib.loads(text(ROOT / "pyproject.toml"))["tool"]["pytest"]

    assert "tests/" not in whole
    assert "--ignore" not in whole
    assert found["testpaths"] == ["tests"]


def test_every_target_is_phony_and_explained():
    targets = re.findall(r"^([a-z-]+):.*?(##|$)", MAKEFILE, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()

    assert {target for target, _ in targets} == set(phony)
    assert all(mark == "##" for _, mark in targets)


def test_every_exception_is_about_a_file_that_exists():
    named = {
        entry.partition(":")[0]
        for table in listed("exceptions.toml").values()
        for entry in table
    } | listed("egress.toml")["files"].keys()

    assert {file for file in named if not (ROOT / file).exists()} == set()


def test_every_exception_has_a_reason():
    reasons = [
        reason
        for table in listed("exceptions.toml").values()
        for reason in table.values()
    ]

    assert all(len(reason.split()) >= 4 for reason in reasons)
