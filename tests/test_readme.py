"""What the README promises is what is run."""

from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def commands() -> list[str]:
    blocks = README.split("```bash\n")[1:]
    return [line for block in blocks for line in block.split("```")[0].strip().splitlines()]


def test_there_are_exactly_two_commands():
    start, test = commands()
    assert start.endswith("streamlit run app.py")
    assert "-r requirements.txt" in start
    assert test.endswith("pytest")


def test_continuous_integration_runs_the_test_command():
    assert commands()[1] in (ROOT / ".ci" / "run").read_text().splitlines()


def test_its_picture_exists_and_is_small():
    picture = ROOT / README.split("](")[1].split(")")[0]
    assert 10_000 < picture.stat().st_size < 200_000


def test_every_folder_it_names_exists():
    named = {name for line in README.splitlines() if line.startswith("| `") for name in line.split("`")[1:2]}
    for name in named - {"pages/<lesson>.py", "pages/sections/<lesson>/"}:
        assert (ROOT / name).exists(), name
