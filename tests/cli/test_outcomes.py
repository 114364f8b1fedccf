"""Freezing a list and entering what came of it, as people do it on the command line."""

import json
from contextlib import closing
from pathlib import Path

import listed
import pytest
import tiny
from asking import READERS

from api.texts import Tongue
from cli.beyond import beyond
from cli.main import run
from graph.stores.opening import open_store
from queries.citations import cite
from queries.outcomes.frozen_lists import freeze
from queries.registry import QUERIES


@pytest.fixture
def url(own_drawing: str, here: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of one's own with the candidates and the list 'spring', frozen on 1 March 2020."""
    monkeypatch.setitem(QUERIES, "whom", listed.QUERY)
    monkeypatch.setenv("RECHAIN_STORE", own_drawing)
    citation = cite(listed.QUERY, listed.run(READERS["plain"](), listed.WhomParams()))
    with closing(open_store(own_drawing)) as store:
        store.record(tiny.batch(listed.CLAIMS, "candidates", "candidates"))
        store.enter([freeze("spring", citation, "Li", "2020-03-01T09:00:00+08:00")])
    return own_drawing


def said(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    """What a command prints, errors too."""
    assert run(words) == code, capsys.readouterr()
    out, err = capsys.readouterr()
    return out + err


def test_a_list_is_frozen_with_the_answer(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "whom", "--freeze", "名单 \"A'`", "--lang", "en")
    assert "Frozen as '名单 \"A'`' on " in told
    assert "is this very one" in said(capsys, "whom", "--freeze", "名单 \"A'`")
    assert "There is a list '名单 \"A'`' already" in said(
        capsys, "whom", "--count", "3", "--freeze", "名单 \"A'`", code=2
    )
    assert "only what was within it is on the list" in said(capsys, "whom", "--count", "3", "--freeze", "short")
    listed_now = json.loads(said(capsys, "lists", "--json"))["lists"]
    assert [(one["name"], one["targets"]) for one in listed_now] == [("spring", 12), ("名单 \"A'`", 12), ("short", 3)]


def test_the_real_list_is_frozen_and_used(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Who could make binder in the zone: far makes it elsewhere."""
    told = said(capsys, "targets", "reg:zone", "prd:binder", "--freeze", "binder", "--lang", "en")
    assert "Frozen as 'binder' on " in told
    shown = json.loads(said(capsys, "lists", "binder", "--json"))
    assert (shown["region"]["name_zh"], shown["product"]["id"]) == ("甲高新区", "prd:binder")
    assert [row["enterprise"]["id"] for row in shown["rows"] if row["rank"] == 1] == ["ent:far"]
    assert set(shown["rows"][0]["parts"]) == set(shown["weights"])
    said(capsys, "lists", "--export", "binder", "-o", "binder.json")
    assert said(capsys, "verify", "binder.json", "--lang", "en").startswith("same: ")
    today = shown["frozen"][:10]
    told = said(capsys, "outcome", "乙材料", "contacted", "--list", "binder", "--on", today, "--lang", "en")
    assert "number 1 of the list 'binder'" in told
    assert "makes it ≥ 0.5" in said(capsys, "outcomes", "--list", "binder", "--lang", "en")


def test_only_lists_of_targets_can_be_frozen() -> None:
    options = {name: [one.name for one in beyond(query)] for name, query in QUERIES.items()}
    assert options.pop("check") == ["against", "shacl"]
    assert {name: found for name, found in options.items() if found} == {"targets": ["freeze"]}
    assert [one.name for one in beyond(listed.QUERY)] == ["freeze"]


def test_an_outcome_is_entered_and_told(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("outcome", "候选3号公司", "--list", "spring", "visited", "--on", "2020-03-05", "--note", "很有兴趣")
    told = said(capsys, *words, "--lang", "en").splitlines()
    assert told == [
        "Candidate 3 Co. (number 3 of the list 'spring'): visited on 2020-03-05.",
        "Note: no entry for contacted yet; those who got this far count there too.",
    ]
    assert said(capsys, *words, "--lang", "zh").splitlines()[1] == "此前已录入，未再增加。"
    found = json.loads(said(capsys, "outcomes", "--list", "spring", "--json"))
    assert [(one["stage"], one["of_list"]["count"]) for one in found["stages"]][:2] == [
        ("contacted", 1),
        ("visited", 1),
    ]
    assert found["outcomes"][0]["note"] == "很有兴趣"
    assert "已走访 2020-03-05" in said(capsys, "lists", "spring", "--lang", "zh")
    gone = said(capsys, "outcome", "Candidate 3 Co.", "visited", "--list", "spring", "--undo", "--lang", "en")
    assert gone.startswith("Taken back for Candidate 3 Co. on the list 'spring': visited (entries: 1).")
    assert json.loads(said(capsys, "outcomes", "--json"))["outcomes"] == []


def test_the_funnel_is_drawn_in_both_languages(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    for n, stage in ((1, "contacted"), (2, "landed"), (3, "contacted"), (4, "contacted"), (5, "refused")):
        said(capsys, "outcome", f"ent:e{n}", stage, "--list", "spring", "--on", "2020-03-05")
    english = said(capsys, "outcomes", "--lang", "en")
    assert "On the list: 12; in progress: 3." in english
    assert "1/12 = 8% [1%–35%]" in english  # Wilson: (1/12 + 0.1601) / 1.3201 -+ 0.1694 = 0.0149 .. 0.3539
    assert "fewer than 5" in english
    chinese = said(capsys, "outcomes", "--lang", "zh")
    assert "已落地" in chinese
    assert "landed" not in chinese


def test_a_frozen_list_is_verified_from_its_file(url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "whom", "--freeze", "now")
    said(capsys, "lists", "--export", "now", "-o", "now.json")
    assert said(capsys, "verify", "now.json", "--lang", "en").startswith("same: ")
    text = Path("now.json").read_text("utf-8")
    Path("now.json").write_text(text.replace('"rank": 1,', '"rank": 9,', 1), encoding="utf-8")
    assert said(capsys, "verify", "now.json", "--lang", "en", code=1).startswith("altered: ")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("outcome nobody visited --list spring --on 2020-03-05", "'nobody' is not on the list 'spring'."),
        (
            "outcome ent:e1 visited --list autumn --on 2020-03-05",
            "There is no frozen list 'autumn'. There are 1: spring.",
        ),
        ("outcome ent:e1 visited --list spring --on 2020-02-29", "2020-02-29 is before the list 'spring' was frozen"),
        ("outcome ent:e1 visited --list spring --on 9999-01-01", "9999-01-01 is still to come"),
        ("outcome ent:e1 visited --list spring --on 2020-13-01", "'2020-13-01' is not a day."),
        ("outcome ent:e1 visited --list spring", "When did it happen? Give the day: --on 2026-06-30"),
        ("outcome ent:e1 won --list spring --on 2020-03-05", "'won' is no stage."),
        ("outcome ent:e1 visited --on 2020-03-05", "--list is missing."),
        ("outcome ent:e1 visited --list spring --undo", "There is no such entry to take back."),
        ("outcomes --list autumn", "There is no frozen list 'autumn'."),
        ("lists autumn", "There is no frozen list 'autumn'."),
        ("lists --export spring", "--export and -o go together"),
        ("lists --export autumn -o x.json", "There is no frozen list 'autumn'."),
        ("lists --export spring -o no/such/folder.json", "Cannot write 'no/such/folder.json'"),
        ("gaps reg:zone --freeze x", "There is no option --freeze here."),
    ],
)
def test_bad_input_is_one_sentence(url: str, capsys: pytest.CaptureFixture[str], words: str, expected: str) -> None:
    told = said(capsys, *words.split(), "--lang", "en", code=2)
    assert told.startswith(expected)
    assert len(told.splitlines()) == 1
    with closing(open_store(url)) as store:
        assert len(store.entries()) == 1


def test_without_any_list(rechain: object, here: None, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("lists", "outcomes"):
        assert said(capsys, command, "--lang", "en").startswith("No list was frozen yet.")
        assert said(capsys, command, "--lang", "zh").startswith("还没有冻结的名单。")


def test_words_of_stages_are_there_in_both_languages() -> None:
    from queries.outcomes.entries import STAGES

    assert [Tongue("zh", "zh").word(STAGES, stage) for stage in STAGES] == [
        "已联系",
        "已走访",
        "已签约",
        "已落地",
        "已回绝",
    ]
