"""An error report on one page, as Markdown and as HTML; it quotes the corpus."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from training.evaluation.error_sections import (
    calibration_section,
    confusions_section,
    curve_section,
    duplicates_section,
    frequent_section,
    intents_section,
    kinds_section,
    lengths_section,
    noise_section,
    seen_section,
    slots_section,
)
from training.evaluation.error_types import find_mistakes
from training.evaluation.evaluate import Evaluation, WithNoise
from training.evaluation.metrics import CurvePoint
from training.reporting.document import (
    Block,
    Cell,
    Heading,
    Paragraph,
    Picture,
    Table,
    html,
    markdown,
)

PAGE = (".html", ".htm")
KEEP_IT = (
    "This page quotes the corpus. It stays with whoever made it, who may read that corpus, and "
    "goes into no repository."
)


def write_error_report(
    path: Path,
    evaluation: Evaluation,
    noise: Mapping[str, WithNoise],
    curve: Sequence[CurvePoint],
) -> list[Path]:
    """
    Write one page where the name ends in .html, else Markdown with its drawings beside it.

    noise: what it costs, by its kind; curve: of taggers trained on shares of the training part.
    Returns the files.
    """
    blocks = error_report(evaluation, noise, curve)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix.lower() in PAGE:
        path.write_text(html(blocks), encoding="utf-8")
        return [path]
    prefix = f"{path.stem}-"
    contents = {path: markdown(blocks, prefix)} | {
        path.with_name(f"{prefix}{block.name}.svg"): block.svg + "\n"
        for block in blocks
        if isinstance(block, Picture)
    }
    for file, content in contents.items():
        file.write_text(content, encoding="utf-8")
    return list(contents)


def error_report(
    evaluation: Evaluation, noise: Mapping[str, WithNoise], curve: Sequence[CurvePoint]
) -> list[Block]:
    """What helps first comes first."""
    mistakes = find_mistakes(
        [utterance.exact_tags for utterance in evaluation.corpus.utterances],
        [tagging.tags for tagging in evaluation.taggings],
    )
    return [
        *_introduction(evaluation),
        *kinds_section(mistakes),
        *confusions_section(mistakes),
        *frequent_section(evaluation, mistakes),
        *slots_section(evaluation),
        *seen_section(evaluation),
        *lengths_section(evaluation),
        *duplicates_section(evaluation),
        *intents_section(evaluation),
        *calibration_section(evaluation),
        *noise_section(noise),
        *curve_section(curve),
    ]


def _introduction(evaluation: Evaluation) -> list[Block]:
    manifest, report = evaluation.tagger.manifest, evaluation.report
    rows: list[list[Cell]] = []
    for label, name, value in (
        ("slot F1", "slot_f1", report.slot_f1),
        ("slot precision", "slot_precision", report.slot_precision),
        ("slot recall", "slot_recall", report.slot_recall),
        ("sentences all right", "sentence_accuracy", report.sentence_accuracy),
        ("intent accuracy", "intent_accuracy", report.intent_accuracy),
    ):
        if value is not None:
            low, high = report.intervals[name]
            rows.append([label, f"{value:.2f}", f"{low:.2f} to {high:.2f}"])
    warnings = [
        f"{count} × {warning}" for warning, count in sorted(evaluation.corpus.warnings.items())
    ]
    return [
        Heading(1, f"What {manifest.name} gets wrong"),
        Paragraph(KEEP_IT),
        Paragraph(
            f"`{manifest.name}`, version `{manifest.version}`, on {report.sentences:,} sentences. "
            "A slot is right when its name, its first word and its last are; a sentence when all "
            "its slots are and none is too many."
        ),
        Table(("measure", "per cent", "95 % interval"), rows, numbers=(1, 2)),
        Paragraph(
            f"Tags cannot spell {report.changed_spans:,} of the corpus's {report.spans:,} spans as "
            f"they were written ({report.changed_share:.2f} %); each counts as missed, and is not "
            "among the mistakes below."
        ),
        *([Paragraph(f"Of the corpus: {'; '.join(warnings)}.")] if warnings else []),
    ]
