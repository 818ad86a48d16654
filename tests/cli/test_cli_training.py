"""The judge as configured, and the command that makes its model anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import Litwatch

SOURCES = ("--claims", "claims", "--judged", "judged", "--papers", "stream.jsonl", "--base", "base", "--out", "out")


def test_without_its_extra_train_judge_says_what_to_install(
    litwatch: Litwatch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "torch.py").write_text('raise ModuleNotFoundError("No module named \'torch\'", name="torch")\n')
    monkeypatch.syspath_prepend(tmp_path)
    answer = litwatch("train-judge", *SOURCES)
    assert answer.code == 1
    assert answer.out == ""
    assert "train-judge needs torch, which is not installed; run pip install 'litwatch[train]'" in answer.err
    assert not (litwatch.folder / "out").exists()


def test_a_judge_model_that_is_not_there_is_named(litwatch: Litwatch) -> None:
    litwatch.configure('[judge]\nmodel = "own-model"\n')
    litwatch.env = {"LITWATCH_JUDGE__METHOD": "default"}
    litwatch("add-line", "--question", "Do watermarks survive paraphrasing?", "--claim", "They do.")
    answer = litwatch("papers", "watermarks")
    assert answer.code == 1
    assert "own-model/model.onnx cannot be read: No such file or directory; name the folder" in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_judge_model_that_is_none_is_named_with_the_cure(litwatch: Litwatch) -> None:
    litwatch.configure('[judge]\nmodel = "own-model"\n')
    litwatch.env = {"LITWATCH_JUDGE__METHOD": "default"}
    litwatch("add-line", "--question", "Do watermarks survive paraphrasing?", "--claim", "They do.")
    (litwatch.folder / "own-model").mkdir()
    (litwatch.folder / "own-model/model.onnx").write_bytes(b"")
    (litwatch.folder / "own-model/calibration.json").write_text("{}")
    answer = litwatch("papers", "watermarks")
    assert answer.code == 1
    assert "make it with `litwatch train-judge`" in answer.err
    assert "Traceback" not in answer.err


def test_doctor_names_a_judge_model_that_is_not_there_and_goes_on(litwatch: Litwatch) -> None:
    litwatch.configure('[arxiv]\napi_url = "http://127.0.0.1:9/api"\n[judge]\nmodel = "own-model"\n')
    litwatch.env = {"LITWATCH_JUDGE__METHOD": "default"}
    litwatch("add-line", "--question", "Do watermarks survive paraphrasing?", "--claim", "They do.")
    answer = litwatch("doctor", "--json")
    checks = {row["check"]: (row["ok"], row["says"]) for row in answer.json}
    ok, says = checks["judge"]
    assert not ok
    assert "own-model/model.onnx cannot be read" in says
    assert checks["set aside"] == (True, "nothing is left out")
    assert answer.code == 1


def test_doctor_says_which_judge_marks_and_from_where_on(litwatch: Litwatch) -> None:
    litwatch.configure('[arxiv]\napi_url = "http://127.0.0.1:9/api"\n[judge]\nmethod = "cues"\nthreshold = 0.4\n')
    litwatch("add-line", "--question", "Do watermarks survive paraphrasing?", "--claim", "They do.")
    (judge,) = (row for row in litwatch("doctor", "--json").json if row["check"] == "judge")
    assert judge["ok"]
    assert judge["says"] == "cues/1 marks from 0.4 on"


@pytest.mark.parametrize("command", ["lines", "stance"])
def test_evaluate_names_a_model_that_is_not_there(litwatch: Litwatch, tmp_path: Path, command: str) -> None:
    papers = ("--papers", "stream.jsonl") if command == "lines" else ()
    answer = litwatch("evaluate", command, str(tmp_path), *papers, "--model", str(tmp_path / "none"))
    assert answer.code == 1
    assert "none/model.onnx cannot be read" in answer.err
    assert len(answer.err.splitlines()) == 1
