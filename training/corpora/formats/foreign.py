"""Files of other systems, which are not read: what they are, and what to do with them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_WIDEST = 1_000  # characters of a line that are looked at
_DEEPEST = 12  # of the keys that are looked at

AS_SPANS = (
    '; write each query as a line of JSON, {"text": "to Taipei", "spans": [{"start": 3, "end": 9, '
    '"slot": "city"}], "intent": "fly"}'
)
AS_TOKENS = (
    '; write each query as a line of JSON, {"tokens": ["to", "Taipei"], "labels": ["O", '
    '"B-city"], "intent": "fly"}'
)
AS_COLUMNS = "; write a token, a tab and its tag on each line, and a blank line between queries"
AS_TAGS = "; write them as B-NAME, I-NAME and O"
NO_QUERY = "; name a file with annotated queries"


@dataclass(frozen=True, slots=True)
class Foreign:
    """A format that is not read, by the paths of keys that all must occur in it."""

    name: str
    hint: str
    paths: tuple[str, ...]


def _json(name: str, hint: str, *paths: str) -> Foreign:
    return Foreign(name, hint, paths)


# The first that fits counts. A path is of a record where the file is a list of them, or lines.
_JSON = (
    _json("training data of Rasa in JSON", AS_SPANS, "rasa_nlu_data"),
    _json("an app of LUIS", AS_SPANS, "luis_schema_version"),
    _json("a project of CLU (Azure AI Language)", AS_SPANS, "assets.utterances"),
    _json("a project of CLU (Azure AI Language)", AS_SPANS, "projectFileVersion"),
    _json("a bot of Amazon Lex", AS_SPANS, "resource.intents"),
    _json("an interaction model of Alexa", AS_SPANS, "interactionModel.languageModel"),
    _json("an interaction model of Alexa", AS_SPANS, "languageModel.intents"),
    _json("an intent schema of Alexa", NO_QUERY, "intents[].slots[].type"),
    _json("phrases of a Dialogflow CX intent", AS_SPANS, "trainingPhrases[].parts"),
    _json("phrases of a Dialogflow intent", AS_SPANS, "data[].text", "isTemplate"),
    _json("phrases of a Dialogflow intent", AS_SPANS, "data[].userDefined"),
    _json("phrases of a Dialogflow intent", AS_SPANS, "data[].alias"),
    _json("an intent of Dialogflow", AS_SPANS, "userSays"),
    _json("an intent of Dialogflow without its phrases", NO_QUERY, "responses[].affectedContexts"),
    _json("an agent or an entity of Dialogflow", NO_QUERY, "isOverridable"),
    _json("an agent of Dialogflow", NO_QUERY, "supportedLanguages"),
    _json("data of snips-nlu within another file", "; take its content out", "[].content.intents"),
    _json("data of snips-nlu within another file", "; take its content out", "content.intents"),
    _json("utterances of wit.ai", AS_SPANS, "utterances[].traits"),
    _json("expressions of wit.ai", AS_SPANS, "data[].entities"),
    _json("data of spaCy 2 in JSON", AS_TOKENS, "paragraphs[].sentences"),
    _json("pairs of text and entities, as spaCy takes them", AS_SPANS, "[].entities"),
    _json("annotations of spaCy's web annotator", AS_SPANS, "classes", "annotations"),
    _json("an export of Label Studio", AS_SPANS, "annotations[].result"),
    _json("an export of Label Studio", AS_SPANS, "completions[].result"),
    _json("patterns of Prodigy, a list of values", NO_QUERY, "label", "pattern"),
    _json("an export of Prodigy", AS_SPANS, "text", "_input_hash"),
    _json("an export of Prodigy", AS_SPANS, "text", "spans[].label"),
    _json("an export of DataTurks", AS_SPANS, "content", "annotation"),
    _json("an export of Label Studio", AS_SPANS, "text", "label[].labels"),
    _json("an export of doccano", AS_SPANS, "text", "label"),
    _json("an export of doccano", AS_SPANS, "text", "labels"),
    _json("an export of doccano", AS_SPANS, "text", "entities[].start_offset"),
    _json("an export of doccano", AS_SPANS, "text", "annotations[].start_offset"),
    _json("data of GLiNER", AS_TOKENS, "tokenized_text", "ner"),
    _json("data of restaurant8k", AS_SPANS, "userInput.text"),
    _json("data of NLU++", AS_SPANS, "text", "intents"),
    _json("data of MASSIVE", AS_SPANS, "utt", "annot_utt"),
    _json("data of SLURP", AS_SPANS, "sentence_annotation"),
    _json("sentences of NLU-Evaluation-Corpora", AS_SPANS, "sentences[].entities"),
    _json("word pieces of a tokenizer", AS_TOKENS, "input_ids"),
    _json("token classification of Hugging Face", AS_TOKENS, "tokens", "ner_tags"),
    _json("token classification of Hugging Face", AS_TOKENS, "tokens", "tags"),
    _json("tokens without labels", AS_TOKENS, "tokens"),
    _json("a list of values", NO_QUERY, "value", "synonyms"),
    _json("data of snips-nlu without queries", NO_QUERY, "intents", "entities"),
    _json("text with entities", AS_SPANS, "entities"),
)

_TEXT = (
    (
        r"^version: *['\"]?[123]\.\d|^nlu: *$|^ *- intent: *\S",
        "training data of Rasa in YAML",
        AS_SPANS,
    ),
    (
        r"^##+ *(?:intent|synonym|regex|lookup) *:",
        "training data of Rasa in Markdown",
        AS_SPANS,
    ),
    (r"^type: *(?:intent|entity) *$", "data of snips-nlu in YAML", AS_SPANS),
    (
        r"^[ \t]*(?:[%@~]\[[^\]\n]+\]|import +\S+\.chatito)",
        "a grammar of Chatito or Chatette",
        "; generate queries from it with its own program, and write them as lines of JSON",
    ),
    (
        (
            r"^> *!#|^@ *(?:ml|list|prebuilt|regex|intent) |^\$[\w.]+:|^#+ *[\w.:]+ *\n+[-*+] "
            r"|^\[[^\]\n]+\]\([^)\n]+\.lu\b"
        ),
        "a .lu file",
        AS_SPANS,
    ),
    (
        r"\A#FORMAT=WebAnno",
        "a WebAnno TSV file of INCEpTION",
        "; export it as CoNLL 2002",
    ),
    (
        r"\(\s*(['\"]).*\1\s*,\s*\{\s*['\"]entities['\"]",
        "spaCy's training data as Python code",
        AS_SPANS,
    ),
    (r"\A\s*\[?\s*\{'\w+' *:", "Python's way to write a dict", "; write it with json.dumps"),
    (r"^[TREAMN]\d+\t\S+ ", "annotations of brat", AS_SPANS),
    (r"^BOS .* EOS\t", "lines of ATIS from BOS to EOS", AS_COLUMNS),
    (r"^(?:id\t)?utterance\tslot_labels", "a table of MultiATIS++", AS_TOKENS),
    (
        r"\A[^\n\t]*\b(?:[Ww]ord|[Tt]oken)s?\"?[,;][^\n\t]*\b(?:[Tt]ag|[Nn]er|NER|[Ll]abel|[Ss]lot)",
        "a table with commas",
        AS_COLUMNS,
    ),
    (
        r"\A(?:[^\n,;]+[,;](?:O|[BIESLUM]-[^\n,;]+)\n)+[^\n,;]+[,;](?:O|[BIESLUM]-[^\n,;]+)$",
        "a table with commas",
        AS_COLUMNS,
    ),
    (
        # Some tag is O and another one has its prefix in another form.
        (
            r"\A(?=[\s\S]*^\S+[ \t]+[Oo]$)(?:.*\n)*?"
            r"\S+[ \t]+(?:[BIESLUM][_.:][A-Za-z]\S*|[A-Za-z]\S*[-_][BIESLUM]|[bieslum]-\S+|[BI])$"
        ),
        "tags in another form",
        AS_TAGS,
    ),
    (
        # Each line is a word and a tag; some tag is O.
        r"\A(?=[\s\S]*^\S+[ \t]+[Oo]$)(?:\S+[ \t]+\S+\n|\n)*\S+[ \t]+\S+\n*\Z",
        "tags in another form",
        AS_TAGS,
    ),
    (r"\A\s*<(?:\?xml|!|[a-zA-Z]+[ >])", "XML or HTML", AS_SPANS),
    (
        r"\[[^\]\n]+\]\([\w.:-]+\)|\[ *\w+ *: [^\]\n]+\]|<(\w+)>[^<\n]+</\1>",
        "annotations within the text",
        AS_SPANS,
    ),
)


def foreign_json(head: str) -> Foreign | None:
    """Which system's JSON it is, by its keys; the end of the head may be cut."""
    paths = set(key_paths(head))
    return next((each for each in _JSON if paths.issuperset(each.paths)), None)


def foreign_text(head: str) -> Foreign | None:
    """Which system's text it is, by how its lines begin."""
    head = "\n".join(line[:_WIDEST] for line in head.split("\n"))
    for pattern, name, hint in _TEXT:
        if re.search(pattern, head, re.MULTILINE):
            return Foreign(name, hint, ())
    return None


def key_paths(head: str) -> Iterator[str]:
    """
    The path of each key in JSON, such as `spans[].slot`, whatever else is wrong with it.

    What is in a list of records has the path that it has in the record.
    """
    stack: list[str] = []
    key = ""
    before = ""
    for match in _TOKEN.finditer(head):
        token = match.group()
        if token in {"{", "["}:
            stack.append((f".{key}" if key else "") + ("[]" if token == "[" else ""))
            key = ""
        elif token in {"}", "]"}:
            if stack:
                stack.pop()
            key = ""
        elif token == ":" and before.startswith('"'):
            key = before.strip('"')
            if len(stack) <= _DEEPEST:
                yield _path(stack, key)
        elif token == ",":
            key = ""
        before = token


def _path(stack: list[str], key: str) -> str:
    path = "".join((*stack, f".{key}"))
    # A list of records, once.
    return path.removeprefix("[]").removeprefix(".")
