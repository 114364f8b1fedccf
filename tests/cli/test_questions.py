"""Questions on the command line: derived from the registry, one JSON document, plain text in two languages."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from conftest import ROOT, TODAY

from cli.main import run
from cli.render import VIEWS, blocks_of
from graph.readers.opening import open_reader
from graph.stores.opening import open_store
from queries.registry import QUERIES

AT = ("--as-of", "2026-11-23")
ASKED: dict[str, tuple[str, ...]] = {
    "gaps": ("甲高新区", "--from", "矿石", "--all"),
    "pipeline": ("甲高新区", "--by", "2028"),
    "what-if": ("甲高新区", "--attract", "乙材料:粘结剂:20", "--lose", "甲冶炼"),
    "certificate": ("甲高新区", "粘结剂"),
    "balance": ("甲高新区", "--target", "prd:metal:40"),
    "targets": ("甲高新区", "粘结剂", "--explain", "乙材料"),
    "fit": ("甲高新区", "--project", "prj:motor-plant"),
    "policies": ("甲高新区", "--product", "磁体"),
    "backtest": ("甲高新区", "--cut-off", "2024"),
    "producers": ("磁体", "--region", "reg:zone"),
    "suppliers": ("300001", "--tiers", "2"),
    "customers": ("甲分离",),
    "paths": ("甲矿业", "甲冶炼"),
    "region": ("甲省",),
    "critical": ("reg:zone", "--tiers", "1"),
    "coverage": ("reg:zone",),
    "show": ("磁一",),
    "subgraph": ("--seed", "磁一"),
    "contents": ("--seed", "磁一"),
    "dossier": ("乙材料", "--region", "reg:zone"),
    "search": ("甲",),
    "check": (),
}
Run = Callable[..., Any]


def test_every_question_is_asked_here() -> None:
    assert sorted(ASKED) == sorted(QUERIES)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", QUERIES)
def test_json_is_the_answer_itself(name: str, drawing: str, capsys: pytest.CaptureFixture[str]) -> None:
    code = run([name, *ASKED[name], *AT, "--json"])
    out, err = capsys.readouterr()
    assert (code, err) == (1 if name == "check" else 0, "")
    document = json.loads(out)
    store = open_store(drawing)
    asked = QUERIES[name].params.model_validate(_asked(name))
    expected = QUERIES[name].run(open_reader(store, TODAY), asked)
    store.close()
    assert document == expected.model_dump(mode="json")


def _asked(name: str) -> dict[str, Any]:
    words = list(ASKED[name])
    given: dict[str, Any] = dict(zip(QUERIES[name].positional, words, strict=False))
    rest = words[len(QUERIES[name].positional) :]
    while rest:
        option = rest.pop(0).removeprefix("--").replace("-", "_")
        given[option] = True if option == "all" else rest.pop(0)
    return given


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_pipe_gets_plain_text(name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    run([name, *ASKED[name], *AT, "--lang", lang])
    out, err = capsys.readouterr()
    assert err == ""
    assert not re.search("[\x1b\u2500-\u257f]", out)
    assert "2026-11-23" in out.splitlines()[0]
    assert ("截至" in out) == (lang == "zh")
    assert "clm:" not in out or name == "show"  # ids of claims are for programs, and for those who retract them


@pytest.mark.usefixtures("here")
def test_the_gaps_read_as_in_the_issue(capsys: pytest.CaptureFixture[str]) -> None:
    """Worked out from the drawing: binder is needed by mag1-3 and all its inputs are here; robot is not searched.

    Mag1 makes 50 t/yr of magnets with 0.2 kg binder per kg, so 10 t.
    """
    run(["gaps", "甲高新区", *AT, "--lang", "zh"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "甲高新区 · 产业链缺环 · 截至 2026-11-23 · 数据版本 1"
    cells = re.split(r"\s{2,}", lines[1])
    assert cells[:2] == ["断点", "粘结剂"]
    assert cells[3:] == [
        "本地 3 家需要：磁一、磁二、磁三；每年至少需要10吨（3 家用户中 1 家可算）",
        "原料本地齐备",
        "外地 1 家生产",
        "依据：已检索（同链 6 家、5 个来源）",
    ]
    assert lines[-3].startswith("另有 1 个建链方向（--all 查看）")
    assert lines[-1] == (
        "甲高新区产业链上有3个缺失环节、2个情况不明的环节，首先是粘结剂（断点），"
        "3家本地企业要用，每年至少10吨，外地有1家企业生产。"
    )


def test_one_json_document_comes_out_whatever_the_locale(rechain: Run) -> None:
    for environment in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONIOENCODING": "latin-1"}):
        done = rechain("gaps", "甲高新区", "--json", *AT, **environment)
        assert (done.code, done.err) == (0, "")
        assert done.out.endswith("}\n")
        assert "粘结剂" in done.out  # UTF-8, not escaped
        assert json.loads(done.out)["question"] == "gaps"


def test_chinese_names_come_where_chinese_is_typed(rechain: Run) -> None:
    assert "binder" in rechain("gaps", "reg:zone", *AT).out
    typed = rechain("gaps", "甲高新区", *AT).out
    assert "粘结剂" in typed
    # The sentence at the end is of one language throughout.
    assert "binder" not in "".join(typed.splitlines()[:-1])


def test_a_failed_check_ends_with_one(rechain: Run) -> None:
    assert rechain("check", *AT).code == 1
    assert rechain("check", "--kind", "cycle", *AT).code == 0


def test_a_terminal_gets_colours_and_no_progress_for_what_is_quick(drawing: str) -> None:
    master, terminal = pty.openpty()
    command = [sys.executable, "-m", "cli.main", "search", "甲", "--store", drawing, "--lang", "zh", *AT]
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "120", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=terminal, stderr=subprocess.PIPE, env=environment)
    os.close(terminal)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # Linux says so when the other end is closed
            break
        if not part:
            break
        shown += part
    assert process.stderr is not None
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(30) == 0
    os.close(master)
    assert "\x1b[1m" in shown.decode()
    assert "甲高新区" in shown.decode()


@pytest.mark.usefixtures("here")
def test_help_comes_in_both_languages_and_plain(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["gaps", "--help", "--lang", "zh"]) == 0
    chinese = capsys.readouterr().out
    assert run(["gaps", "--help"]) == 0
    english = capsys.readouterr().out
    for name, field in QUERIES["gaps"].params.model_fields.items():
        assert str(field.title) in chinese
        option = name.upper() if name == "region" else f"--{(field.alias or name).replace('_', '-')}"
        assert option in english
    assert "截至" not in english
    assert run([]) == 0
    assert all(name in capsys.readouterr().out for name in ("gaps",))


def test_the_version(rechain: Run) -> None:
    done = rechain("--version")
    assert done.code == 0
    assert re.fullmatch(r"rechain [0-9.]+\n", done.out)


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_needs_no_view_of_its_own(name: str, drawing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from api.texts import Tongue
    from cli.layout import plain

    monkeypatch.delitem(VIEWS, name, raising=False)
    store = open_store(drawing)
    query = QUERIES[name]
    answer = query.run(open_reader(store, TODAY), query.params.model_validate(_asked(name)))
    store.close()
    lines = [line for block in blocks_of(query, answer, Tongue("zh", "zh")) for line in plain(block)]
    assert lines[0].startswith(query.zh)
    assert lines[-1].startswith("考察范围：") or answer.truncated


@pytest.mark.usefixtures("here")
def test_a_subgraph_says_how_large_it_is_and_what_it_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Mag1 makes magnets: the capacity is the link, the planned 90 t/yr is flagged and still among the claims.

    Claims: these 2, 4 names of mag1 (two names, alias, code), 4 on the magnet (two names, stage, role). Sources s1
    (names), s3 (capacity) and s4 (plan).
    """
    run(["subgraph", "--seed", "磁一", "--predicate", "produces", *AT, "--lang", "zh"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "节点 2 个（起点 1 个），关系 1 条，依据 10 条陈述、3 个来源。"
    assert lines[2].startswith("未纳入：1 条带标记的陈述")
    assert re.split(r"\s{2,}", lines[4]) == ["0", "磁一", "企业"]
    assert re.split(r"\s{2,}", lines[7])[:3] == ["磁一", "生产", "磁体"]


@pytest.mark.usefixtures("here")
def test_a_back_test_tells_figures_cases_and_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody came to the drawing after 2024: no figure is made up. mag3's hot magnets are on record since 2025."""
    assert run(["backtest", "甲高新区", "--cut-off", "2024", "--min-sources", "4", *AT, "--lang", "zh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("甲高新区 · 回测：当时的建议后来如何 · 以2024-12-31当时所知给出的建议")
    assert "没有记录到外地企业带着当时本地没有的环节前来，无从检验。" in lines
    told = {cells[0]: cells[1:] for cells in (re.split(r"\s{2,}", line) for line in lines)}
    assert told["断点"][:4] == ["1", "0", "0% [0%–79%]", "0"]
    assert told["情况不明"][:4] == ["5", "1", "20% [4%–62%]", "0"]
    assert told["情况不明"][-1] == "热压磁体"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cut-off", "2027"), "The cut-off 2027-12-31 is not before 2026-11-23, the day the answer is about. Nothing "
                                "can have come since. Give an earlier day."),
        (("--cut-off", "1999"), "Nothing was known at 1999-12-31: the oldest source here is dated 2023-05-01. Give a "
                                "later cut-off."),
        (("--cut-off", "soon"), "'soon' is not a date. Write 2021, 2021-06 or 2021-06-30."),
        ((), "--cut-off is missing. See: rechain backtest --help"),
        (("--cut-off", "2024", "--weight", "makes=-1"), "The weight makes is '-1'. Give a number of 0 or more."),
        (("--cut-off", "2024", "--resamples", "5"), "'--resamples' should be from 100 to 20000, not 5."),
    ],
)  # fmt: skip
def test_a_back_test_that_cannot_be(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["backtest", "甲高新区", *words, *AT]) == 2
    assert capsys.readouterr() == ("", told + "\n")


@pytest.mark.usefixtures("here")
def test_targets_of_all_gaps_and_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    """First whom to visit, then link by link; for one product also who is left out."""
    assert run(["targets", "甲高新区", "--gap", *AT, "--lang", "zh"]) == 0
    told = capsys.readouterr().out
    assert "建议先拜访" in told
    assert "断点 粘结剂 · 候选1家，其中1家自己生产；本地3家要用" in told
    assert "甲省（同省）" in told
    assert run(["targets", "甲高新区", "粘结剂", "--exclude", "乙材料", *AT, "--lang", "en"]) == 0
    told = capsys.readouterr().out
    assert "it is here already: mag1, mag2, mag3; left out as asked: far" in told
    assert "No candidate is known for binder in Zone." in told


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        ((), "Give either a product or --gap"),
        (("粘结剂", "--gap"), "Give either a product or --gap"),
        (("粘结剂", "--weight", "makes=-1"), "The weight makes is '-1'."),
        (("粘结剂", "--explain", "海外电机"), "'海外电机' is no candidate here"),
    ],
)
def test_targets_of_bad_input(given: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["targets", "甲高新区", *given, *AT, "--lang", "en"]) == 2
    assert said in capsys.readouterr().err
