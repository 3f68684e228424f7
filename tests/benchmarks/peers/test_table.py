from benchmarks.peers.table import table


def test_the_table_has_a_line_for_each_candidate() -> None:
    spread = {"median": 1234.5678, "low": 1.0, "high": 2.0}
    candidate = {
        "slot_f1": 97.659,
        "alone_us": spread,
        "alone_to_ours": spread,
        "sentences_per_second": spread,
        "together_to_ours": spread,
        "resident_megabytes": 62.4,
        "megabytes_on_disk": 7.25,
        "training_seconds": 245.6,
    }
    head, line, *rows = table([candidate | {"candidate": name} for name in "ab"]).splitlines()
    assert head.count("|") == line.count("|") == 10
    assert rows[1] == (
        "| b | 97.66 | 1,235 | 1234.57 (1.00 to 2.00) | 1,235 | 1234.57 (1.00 to 2.00) "
        "| 62 | 7.2 | 246 |"
    )
