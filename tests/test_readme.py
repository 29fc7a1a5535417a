"""What the README promises is what is run."""

import json
import re
from pathlib import Path

import yaml
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def commands() -> list[str]:
    blocks = README.split("```bash\n")[1:]
    return [line for block in blocks for line in block.split("```")[0].strip().splitlines()]


def test_there_are_exactly_two_commands():
    start, test = commands()
    assert start.endswith("streamlit run app.py")
    assert "-r requirements.txt" in start
    assert test.endswith("pytest -n 3 --dist loadfile")


def test_continuous_integration_runs_the_test_command():
    assert commands()[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_the_workflow_runs_it_too_and_lets_nothing_skip():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "test.yml").read_text())
    job = workflow["jobs"]["test"]
    ours = (ROOT / ".ci" / "run").read_text()
    steps = [step["run"] for step in job["steps"] if "run" in step]
    assert steps[-1] == commands()[1]
    installed = [line.split("--no-install-recommends ")[1] for line in ours.splitlines() if "apt-get install" in line]
    packages = " ".join(line.split(" || ")[0] for line in installed)
    assert steps[-2].endswith(f"--no-install-recommends {packages}")
    assert all(f"export {name}={text}\n" in ours for name, text in job["env"].items())
    assert workflow["permissions"] == {"contents": "read"}


def test_the_class_server_is_started_as_the_image_starts_it():
    (image,) = [line for line in (ROOT / ".deploy" / "Dockerfile").read_text().splitlines() if line.startswith("CMD ")]
    assert f".venv/bin/{' '.join(json.loads(image[4:]))}" in README.splitlines()


def test_every_file_of_the_deployment_that_it_names_exists():
    named = set(re.findall(r"\.deploy/[\w.]+", README))
    assert {name.removeprefix(".deploy/") for name in named} == {path.name for path in (ROOT / ".deploy").iterdir()}


def test_its_picture_exists_and_is_small():
    picture = ROOT / README.split("](")[1].split(")")[0]
    assert 10_000 < picture.stat().st_size < 200_000


def test_every_folder_it_names_exists():
    named = {name for line in README.splitlines() if line.startswith("| `") for name in line.split("`")[1:2]}
    for name in named - {"pages/<lesson>.py", "pages/sections/<lesson>/"}:
        assert (ROOT / name).exists(), name


def test_the_example_of_a_section_runs():
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    example = block.replace("<slug>", "backprop").replace("<code>", "tiny")
    app = AppTest.from_string(f"{example}\ncontrols.arrive('backprop')\nsection()\n", default_timeout=30).run()
    assert not app.exception
    assert [code.value for code in app.code if "import numpy" in code.value]
    assert app.number_input[0].key.startswith("backprop_tiny_z")
    assert "&= 0.42 " in app.latex[0].value
    assert len(app.get("vega_lite_chart")) == 1
