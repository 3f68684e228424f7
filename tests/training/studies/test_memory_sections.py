"""What a report says of single sentences and slots."""

from app.tagging.slots import Span
from training.corpora.loading import Data
from training.corpora.utterances import Utterance
from training.reporting.document import Paragraph, Picture, Shade, Table
from training.studies.claims import ComparisonData, Outcome, outcome_of
from training.studies.cue_distance import CuedSlot
from training.studies.memory_sections import difference, memory_section, sentences_section
from training.studies.results import REMEMBERED, SENTENCES, VERBS, Answer, Answers, Training

DATA = Data((), (Utterance(("to", "rome"), ("O", "B-to")),) * 4, {}, ())  # type: ignore[arg-type]


def outcome(span: int, right: int = 4) -> Outcome:
    """A network that knows the verb for `span` words, and fills `right` of the slots of dev."""
    answers = {}
    for texts in (*SENTENCES.values(), *REMEMBERED.values()):
        for verb, text in zip(VERBS, texts, strict=True):
            tokens = text.split()
            city = [0.5, 0.25, 0.25] if tokens.count("please") >= span else [0.0, 0.0, 0.0]
            if sum(city) == 0.0:
                city[1 + VERBS.index(verb)] = 1.0
            distributions = [[1.0, 0.0, 0.0] for _ in tokens]
            distributions[1 + tokens.count("please")] = city
            answers[text] = Answer(tokens, distributions)
    tags = [["O", "B-to"]] * right + [["O", "O"]] * (4 - right)
    training = Training(1, 1, 1, 1.0, 1, [1.0], [1.0])
    return outcome_of(DATA, [training], [Answers(tags, [], ["to", "from"], answers)], 1, 1.0)


def tables(blocks: object) -> list[Table]:
    assert isinstance(blocks, list)
    return [block for block in blocks if isinstance(block, Table)]


def test_equal_distributions_do_not_differ_and_disjoint_ones_wholly() -> None:
    assert difference([0.5, 0.25, 0.25], [0.5, 0.25, 0.25]) == 0.0
    assert difference([0.0, 1.0, 0.0], [0.0, 0.0, 1.0]) == 1.0
    assert difference([0.5, 0.5], [0.25, 0.75]) == 0.25


def test_networks_that_answer_alike_after_either_verb_are_named() -> None:
    blocks = sentences_section({"blind": outcome(0), "seeing": outcome(1)})
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert said[1].endswith("either verb by: blind.")
    same, *_ = tables(blocks)
    assert same.rows[0][:4] == ["blind", Shade("none 0.50", 0.0), Shade("none 0.50", 0.0), "0"]
    assert same.rows[1][:4] == ["seeing", Shade("to 1.00", 1.0), Shade("from 1.00", 1.0), "1.000"]


def test_every_sentence_is_answered_word_by_word() -> None:
    _, *sentences = tables(sentences_section({"seeing": outcome(1)}))
    assert [table.headings for table in sentences] == [
        ["network", verb, city, "on", "November", "2nd"]
        for city in ("Taipei", "Boston")
        for verb in ("arrive", "leave")
    ]
    none = Shade("none 1.00", 0.0)
    assert sentences[1].rows == [["seeing", none, Shade("from 1.00", 1.0), none, none, none]]


def test_a_network_that_forgets_is_drawn_to_zero() -> None:
    blocks = memory_section(ComparisonData(DATA, {"elman": outcome(3)}, []))
    (picture,) = [block for block in blocks if isinstance(block, Picture)]
    (line, _) = [part for part in picture.svg.split("<path") if 'class="line s0"' in part]
    heights = [point.split()[1] for point in line.split('d="M')[1].split('"')[0].split("L")]
    assert heights == ["24.0"] * 3 + ["280.0"] * 6


def test_recall_is_told_by_distance() -> None:
    decided = [CuedSlot(number, Span("to", 1, 2), 1 if number < 2 else 9) for number in range(4)]
    material = ComparisonData(DATA, {"elman": outcome(0, right=3)}, decided)
    (table,) = tables(memory_section(material))
    assert table.headings == [
        "network",
        "1 (2)",
        "2 (0)",
        "3 to 4 (0)",
        "5 to 8 (0)",
        "9 or more (2)",
    ]
    assert table.rows == [["elman", "100.0", "–", "–", "–", "50.0"]]


def test_networks_that_the_drawing_is_not_of_are_left_out_of_it() -> None:
    blocks = memory_section(ComparisonData(DATA, {"bilstm": outcome(1)}, []))
    assert not [block for block in blocks if isinstance(block, Picture)]
