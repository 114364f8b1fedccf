"""The benchmarks' arithmetic, and that no time is told where answers differ."""

import json
import statistics
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from benchmarks.generator import SIZES, generate
from benchmarks.measuring import (
    AnswersDiffer,
    Digest,
    Figure,
    Goal,
    Run,
    Series,
    alternate,
    digest_of,
    figures_from_json,
    figures_to_json,
    percentile,
    require_same,
    table,
    timed,
    write_between,
)


def side_of(*runs: Run) -> Callable[[], Run]:
    waiting = iter(runs)
    return lambda: next(waiting)


class TestSeries:
    def test_median_spread_and_variation_are_told_from_the_samples(self) -> None:
        series = Series((2.0, 4.0, 9.0))
        assert (series.median, series.low, series.high) == (4.0, 2.0, 9.0)
        # mean 5; deviations -3 -1 4, squares 9 + 1 + 16 = 26, / 2 = 13; sqrt(13) / 5
        assert series.variation == pytest.approx(13**0.5 / 5)
        assert series.is_noisy

    def test_the_median_of_an_even_number_lies_between_the_middle_ones(self) -> None:
        assert Series((1.0, 2.0, 4.0, 8.0)).median == 3.0

    @pytest.mark.parametrize(("high", "is_noisy"), [(1.14, False), (1.17, True)])
    def test_beyond_ten_percent_variation_it_is_noisy(self, high: float, is_noisy: bool) -> None:
        assert Series((1.0, high)).is_noisy is is_noisy

    def test_one_sample_varies_by_nothing(self) -> None:
        assert Series((3.0,)).variation == 0
        assert not Series((3.0,)).is_noisy


class TestAlternating:
    def test_sides_take_turns_and_keep_their_own_seconds(self) -> None:
        order = []

        def side(name: str, seconds: float) -> Callable[[], Run]:
            def run() -> Run:
                order.append(name)
                return Run(seconds, "same")

            return run

        found = alternate({"A": side("A", 1.0), "B": side("B", 2.0)}, rounds=3)
        assert order == ["A", "B"] * 3
        assert found == {"A": Series((1.0,) * 3), "B": Series((2.0,) * 3)}

    def test_no_time_is_told_when_two_sides_answer_differently(self) -> None:
        with pytest.raises(AnswersDiffer, match="A, round 1 one, B, round 1 two"):
            alternate({"A": side_of(Run(1, "one")), "B": side_of(Run(1, "two"))}, rounds=1)

    def test_no_time_is_told_when_one_side_answers_differently_in_a_later_round(self) -> None:
        with pytest.raises(AnswersDiffer):
            alternate({"A": side_of(Run(1, "one"), Run(1, "two"))}, rounds=2)

    def test_a_timed_side_runs_often_enough_and_tells_its_answer(self) -> None:
        now, asked = [0.0], []

        def work() -> str:
            asked.append(1)
            now[0] += 0.25
            return "answer"

        run = timed(work, str.upper, at_least=1.0, clock=lambda: now[0])()
        assert run == Run(0.25, digest_of("ANSWER"))
        assert len(asked) == 1 + 4  # one to see how long it takes, four that fill a second

    def test_a_digest_tells_pieces_apart_from_their_concatenation(self) -> None:
        assert Digest().add(b"ab").add(b"c").text != Digest().add(b"a").add(b"bc").text
        assert digest_of({"b": 1, "a": 2}) == digest_of({"a": 2, "b": 1})
        require_same({"A": "x", "B": "x"})


@pytest.mark.parametrize(("share", "expected"), [(0.5, 5), (0.99, 10), (1, 10), (0.1, 1), (0, 1)])
def test_a_percentile_is_the_nearest_rank(share: float, expected: int) -> None:
    assert percentile([10, 9, 8, 7, 6, 5, 4, 3, 2, 1], share) == expected


class TestFigures:
    def test_the_ratio_is_the_median_of_the_rounds_own_ratios(self) -> None:
        figure = Figure("load", "s", Series((2.0, 6.0, 9.0)), "bare", Series((1.0, 2.0, 9.0)))
        # 2/1, 6/2, 9/9
        assert figure.ratio == Series((2.0, 3.0, 1.0))
        assert statistics.median((2.0, 3.0, 1.0)) == figure.ratio.median == 2.0

    def test_a_row_has_the_goal_beside_the_figure_and_says_what_was_missed(self) -> None:
        goals = (Goal("P9", 0.4, "at least", "ratio"), Goal("P9", 100_000, "at least", "value", "rows/s"))
        figure = Figure(
            "load", "rows/s", Series((60_000.0, 50_000.0)), "bare", Series((120_000.0, 100_000.0)), goals, "tiny"
        )
        assert table([figure]).splitlines() == [
            "| what | rechain | compared with | ratio | goal | |",
            "|---|---|---|---|---|---|",
            "| load (tiny) | 55,000 rows/s (50,000-60,000, noisy) | bare: 110,000 rows/s (100,000-120,000, noisy)"
            " | 0.500x (0.500-0.500) | P9: ≥ 0.4x; P9: ≥ 100,000 rows/s | met; **missed** |",
        ]

    def test_a_figure_without_peer_or_goal_leaves_these_cells_empty(self) -> None:
        assert table([Figure("p50", "ms", Series((0.1234,)))]).splitlines()[2] == "| p50 | 0.123 ms |  |  |  |  |"

    def test_a_goal_about_a_ratio_needs_a_peer(self) -> None:
        with pytest.raises(ValueError, match="needs a peer"):
            Figure("load", "s", Series((1.0,)), goals=(Goal("P9", 1, "at most", "ratio"),)).verdicts()

    def test_figures_come_back_from_json_as_they_were(self) -> None:
        goals = (Goal("P1", 1.5, "at most", "value", "ms"),)
        figures = [
            Figure("a", "ms", Series((1.0, 2.0)), "b", Series((3.0, 4.0)), goals, "n"),
            Figure("c", "s", Series((1.0,))),
        ]
        assert figures_from_json(json.loads(json.dumps(figures_to_json(figures)))) == figures


class TestReportFile:
    def test_only_what_stands_between_the_markers_is_replaced(self, tmp_path: Path) -> None:
        file = tmp_path / "report.md"
        file.write_text("by hand\n<!-- x: begin -->\nold\n<!-- x: end -->\nmore by hand\n", encoding="utf-8")
        write_between(file, "x", "new")
        assert file.read_text("utf-8") == "by hand\n<!-- x: begin -->\nnew\n<!-- x: end -->\nmore by hand\n"

    def test_markers_come_to_the_end_where_there_are_none(self, tmp_path: Path) -> None:
        file = tmp_path / "report.md"
        file.write_text("by hand\n", encoding="utf-8")
        write_between(file, "x", "new")
        assert file.read_text("utf-8") == "by hand\n\n<!-- x: begin -->\nnew\n<!-- x: end -->\n"


def families() -> Sequence[str]:
    from benchmarks.run import FAMILIES

    return tuple(FAMILIES)


@pytest.mark.slow
@pytest.mark.parametrize("family", families())
def test_every_benchmark_runs_on_a_tiny_data_set(family: str, tmp_path: Path) -> None:
    from benchmarks.run import main

    folder = tmp_path / "bench"
    generate(SIZES["tiny10k"], folder / "tiny10k", 1, 0.01, 0.01)
    report = tmp_path / "report.md"
    options = ("--size", "tiny10k", "--rounds", "2", "--asked", "30", "--folder", str(folder))
    assert main([*options, "--only", family, "--results", str(tmp_path / "results"), "--report", str(report)]) == 0
    (file,) = (tmp_path / "results").iterdir()
    result = json.loads(file.read_text("utf-8"))
    assert result["seeds"]
    assert all(figure["ours"]["samples"] for figure in result["figures"])
    assert all(figure["what"].split("|", maxsplit=1)[0] in report.read_text("utf-8") for figure in result["figures"])
