"""The repository's root is a study over the sample corpus, and its committed files are what they say."""

from pathlib import Path

import yaml

from goldwire import study
from goldwire.demo import run

ROOT = Path(__file__).parents[1]
TEMPLATE = ROOT / "toolkit" / "goldwire" / "template"


def test_the_root_is_a_study_with_the_parameters_of_the_demonstration() -> None:
    assert study.find(ROOT / "tests").root == ROOT
    assert (ROOT / "params.yaml").read_text(encoding="utf-8") == run.params()


def test_the_root_has_the_stages_of_every_study_with_the_dataset_in_git() -> None:
    ours = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    expected = yaml.safe_load((TEMPLATE / "dvc.yaml").read_text(encoding="utf-8"))
    outs = expected["stages"]["dataset"]["outs"]
    outs[outs.index("labels/dataset")] = {"labels/dataset": {"cache": False}}
    assert ours == expected


def test_ci_runs_what_the_readme_says() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "$ make test" in (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
