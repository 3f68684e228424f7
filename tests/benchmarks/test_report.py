import pytest

from benchmarks.report import body

SPREAD = {"median": 1234.5, "low": 0.25, "high": 97.659}
TOLD = '1,234 <span class="spread">(0.25 to 97.66)</span>'
CANDIDATE = {"candidate": "ours & theirs", "slot_f1": 97.659, "alone_us": SPREAD}
POINTS = [[1, 0.5], [2, 0.75]]
LOAD = {"connections": 1, "answers_per_second": 10.0}


def test_what_nobody_draws_is_told_as_it_comes() -> None:
    page = body({"novel": {"rates_us": SPREAD, "none": None, "rows": [{"a": 1}, {"b": [2, "<"]}]}})
    assert "<code>python -m benchmarks.novel</code>" in page
    assert f"<th>rates µs</th><td>{TOLD}</td>" in page
    assert "<th>none</th><td>–</td>" in page
    assert '<td class="number">2, &lt;</td>' in page


def test_sections_come_in_the_order_of_the_page_and_strangers_last() -> None:
    page = body({"a stranger": 1, "overload": [], "tagger": []})
    titles = ["The tagger in process", "Under too much load", "a stranger"]
    places = [page.index(f"<h2>{title}</h2>") for title in titles]
    assert places == sorted(places)


def test_objects_within_rows_are_columns() -> None:
    page = body({"overload": [{"load": "much", "accepted": {"p50_ms": 2.25, "p99_ms": 1e-6}}]})
    assert '<th class="number">accepted p50 ms</th>' in page
    assert '<td>much</td><td class="number">2.25</td><td class="number">0</td>' in page


def test_peers_are_a_table_and_two_drawings() -> None:
    page = body({"peers": {"corpus": "toy", "dev_sentences": 3, "candidates": [CANDIDATE]}})
    assert (
        f'<td>ours &amp; theirs</td><td class="number">97.66</td><td class="number">{TOLD}' in page
    )
    assert page.count("<svg") == 2


def test_rounds_over_http_are_told_by_their_medians() -> None:
    figures = {"p50": 1.0, "p99": 2.0, "cpu": 3.0, "client": 0.5}
    rounds = [
        {"candidate": candidate, "connections": 16, "rate": rate, **figures}
        for candidate in ("floor", "service")
        for rate in (100.0, 300.0, 101.0)
    ]
    ratio = {"median": 0.5, "least": 0.25, "most": 0.75}
    page = body(
        {
            "http": {
                "rounds": rounds,
                "service_to_floor": {"16": {"rate": ratio}},
                "texts_of_batches_to_single": ratio,
            }
        }
    )
    assert page.count('<td class="number">101</td>') == 2
    assert page.count('0.5 <span class="spread">(0.25 to 0.75)</span>') == 2


def test_small_packages_are_told_together() -> None:
    sizes = {"tiny": 0.25, "huge": 50.0, "small": 0.5}
    page = body({"start": {"cpu_seconds": 1.5, "packages_megabytes": sizes}})
    assert '<td>huge</td><td class="number">50</td>' in page
    assert '<td>all others</td><td class="number">0.75</td>' in page
    assert "The 3 packages" in page


@pytest.mark.parametrize("seconds", [28.25, None])
def test_training_is_drawn_whether_the_goal_was_reached(seconds: float | None) -> None:
    run = {"seconds": seconds, "course": [[1.0, 81.5], [2.0, 97.5]]}
    loop = {
        "sentences_per_second": {"bucketed": SPREAD, "spaCy": SPREAD},
        "bucketed_to": {"spaCy": SPREAD},
        "words_of_places": {"bucketed": 0.95},
    }
    page = body({"training": {"corpus": "toy", "goal": 97, "run": run, "loop": loop}})
    assert page.count("<svg") == 1
    assert ("28.25" in page) == (seconds is not None)
    assert "course" not in page


def test_growth_is_drawn() -> None:
    page = body(
        {
            "growth": {
                **dict.fromkeys(("words", "batch", "vocabulary", "slots"), POINTS),
                "bundles": [{"bundles": 1, "sentences_per_second": 5.0}],
                "workers": {"1": [LOAD], "2": [LOAD]},
            }
        }
    )
    assert page.count("<svg") == 6
    assert "1 worker<" in page
    assert "2 workers<" in page
