"""Which encoding the text of a file may be in, where that is not UTF-8."""

import re
from collections.abc import Callable
from dataclasses import dataclass

_SAMPLE = 1 << 16  # bytes that are looked at
_SURE = 0.7  # of the characters beyond ASCII, the share that must be usual ones
# Half the bytes of English in UTF-16, and three quarters in UTF-32.
_ZEROS = 0.1
# Greek to Arabic, Thai, Chinese, Japanese, Korean.
_USUAL = re.compile(
    "[\n\r\t -~\u0370-\u06ff\u0e00-\u0e7f\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]"
)
_ENDS = re.compile("[\n ]")
_CAPITAL_WITHIN = re.compile(r"(?<=[^\W\d_A-ZÀ-ÖØ-Þ])[À-ÖØ-Þ]")
_HIGH = re.compile(rb"[\x80-\xff]+")
_FREQUENT = 8
# What seven bits can hold and no text in UTF-8 has: escapes, and Chinese between ~{ and ~}.
_ESCAPED = (
    (re.compile(rb"\x1b(?:\$[@B]|\(J)"), "ISO-2022-JP"),
    (re.compile(rb"\x1b\$\)C"), "ISO-2022-KR"),
    (re.compile(rb"\x1b\$\)?A"), "ISO-2022-CN"),
    (
        re.compile(
            rb"~\{(?:[\x21-\x77][\x21-\x7e]){3,}~\}|(?:~\{(?:[\x21-\x77][\x21-\x7e])+~\}[^~]*){3}"
        ),
        "HZ",
    ),
)
_FEWEST = 3  # letters beyond ASCII that UTF-7 is told by
# Of text, the most that is no character or one that commands a device.
_STRANGE = 0.01
_CONTROLS = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]")
# Words of other scripts are high bytes from end to end, those of Latin have one here and there.
_WHOLE_WORDS = 2.0

_MARKS = (
    (b"\xff\xfe\0\0", "UTF-32LE"),
    (b"\0\0\xfe\xff", "UTF-32BE"),
    (b"\xff\xfe", "UTF-16LE"),
    (b"\xfe\xff", "UTF-16BE"),
)
_QUOTES = "‘’“”„–—…€°§«»¿¡´·"
_WESTERN = "äöüßÄÖÜéèàáíóúñçêâôåøæãõîïëìùûœÅØÆÉÑÇÀ" + _QUOTES
_POLISH = "ąćęłńóśźżŁŚŻĆ" + _QUOTES
_CZECH = "ěščřžýáíéůúóďťňäôľĺŠČŘŽŮ" + _QUOTES
_HUNGARIAN = "áéíóöőúüűÁÉÖŐÚÜ" + _QUOTES
_ROMANIAN = "ăâîşţŞŢÎ" + _QUOTES
_CENTRAL = (_POLISH, _CZECH, _HUNGARIAN, _ROMANIAN)
_CYRILLIC = "оеаинтсрвлкмдпуяыьгзбчй"
# By name, as iconv knows it: the characters that most of a text beyond ASCII consists of, of each
# language.
_SINGLE_LATIN = {
    "WINDOWS-1252": (_WESTERN,),
    "WINDOWS-1250": _CENTRAL,
    "ISO-8859-2": _CENTRAL,
    "WINDOWS-1254": ("ğışçöüİŞÇÖÜĞâî" + _QUOTES,),
    "CP850": (_WESTERN,),
    "MACINTOSH": (_WESTERN,),
}
# Their most frequent letters stand in front.
_SINGLE_OTHER = {
    "WINDOWS-1251": (_CYRILLIC,),
    "KOI8-R": (_CYRILLIC,),
    "CP866": (_CYRILLIC,),
    "ISO-8859-5": (_CYRILLIC,),
    "WINDOWS-1253": ("αοιετσνρηυςκπλμάίόέήώ",),
    "WINDOWS-1255": ("יוהלאמרתשבנכדחעפקםגצזטסןךףץ",),
    "WINDOWS-1256": ("اليمونرتبةسعدكفحقأ",),
    "TIS-620": ("านรอกเงวมยลิส่้ทดัีคตืโ๊ะหำใ็",),
}
_CODECS = {"MACINTOSH": "mac_roman", "TIS-620": "cp874", "SHIFT_JIS": "cp932", "EUC-KR": "cp949"}


@dataclass(frozen=True, slots=True)
class _DoubleByte:
    """An encoding of two bytes a character: which characters are usual, and which it must have."""

    usual: Callable[[str, bytes], bool]
    frequent: str
    required: Callable[[str], bool] = lambda _: True


def _is_kana(char: str) -> bool:
    return "\u3040" <= char <= "\u30ff"


def _between(first: int, last: int) -> Callable[[str, bytes], bool]:
    """Whether the first byte lies between, where the standard has its most frequent characters."""
    return lambda _, code: len(code) == 2 and first <= code[0] <= last


_DOUBLE = {
    "GB18030": _DoubleByte(
        lambda _, code: len(code) == 2 and 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1,
        "的一是不了在人有我他这中大来上个国到说时要就出会可也你对生能去天订张票明",
    ),
    "BIG5": _DoubleByte(
        _between(0xA4, 0xC6),
        "的一是不了在人有我他這中大來上個國到說時要就出會可也你對生能去天訂張票明",
    ),
    "SHIFT_JIS": _DoubleByte(
        lambda char, code: _is_kana(char) or _between(0x88, 0x97)(char, code),
        "のにはをたがでてとしれさいるますな",
        _is_kana,
    ),
    "EUC-JP": _DoubleByte(
        lambda char, code: _is_kana(char) or _between(0xB0, 0xCF)(char, code),
        "のにはをたがでてとしれさいるますな",
        _is_kana,
    ),
    "EUC-KR": _DoubleByte(
        _between(0xB0, 0xC8),
        "이다는을에의가하고한지로기사리도어나자해",
        lambda char: "가" <= char <= "힣",
    ),
}


def mark_of(content: bytes) -> str | None:
    """The encoding whose byte order mark the content begins with; None without, or of UTF-8."""
    return next((name for mark, name in _MARKS if content.startswith(mark)), None)


def wide_encoding_of(content: bytes) -> str | None:
    """UTF-16 or UTF-32 by their mark or, without one, by their zeros; None where it is neither."""
    sample = content[:_SAMPLE]
    if name := mark_of(sample):
        return name
    if sample.count(0) <= _ZEROS * len(sample):
        return _wide_without_mark(sample) if 0 in sample else None
    zeros = [sample[start::4].count(0) for start in range(4)]
    quarter = len(sample) / 4
    if min(zeros[2], zeros[3]) > 0.9 * quarter:
        name = "UTF-32LE"
    elif min(zeros[0], zeros[1]) > 0.9 * quarter:
        name = "UTF-32BE"
    else:
        name = "UTF-16LE" if zeros[1] + zeros[3] > zeros[0] + zeros[2] else "UTF-16BE"
    text = sample.decode(name, "replace")
    return name if len(_CONTROLS.findall(text)) <= 1 + _STRANGE * len(text) else None


def seven_bit_encoding_of(content: bytes) -> str | None:
    """An encoding whose bytes are all ASCII although its text is not; None where it is none."""
    sample = content[:_SAMPLE]
    for pattern, name in _ESCAPED:
        if pattern.search(sample):
            return name
    return "UTF-7" if b"+" in sample and _is_utf7(sample) else None


def _is_utf7(sample: bytes) -> bool:
    """Whether all that begins with a plus sign spells letters beyond ASCII."""
    whole = sample[: sample.rfind(b"\n") + 1] or sample
    try:
        text = whole.decode("utf-7")
    except UnicodeDecodeError:
        return False
    letters = [char for char in text if char > "\x7f"]
    # A plus sign that begins nothing would be gone.
    plus = whole.count(b"+") <= len(letters) + text.count("+")
    return len(letters) >= _FEWEST and all(map(str.isalpha, letters)) and plus and whole.isascii()


def encoding_of(content: bytes) -> str | None:
    """
    The likely encoding of text that is not UTF-8, as iconv names it; None where none is likely.

    What has letters that no other encoding of its kind has is told apart by how usual the letters
    are that it would make of the bytes.
    """
    sample = content[:_SAMPLE]
    if name := wide_encoding_of(sample):
        return name
    if name := seven_bit_encoding_of(sample):
        return name
    runs = _HIGH.findall(sample)
    if not runs:
        return None
    scores = {name: _double_score(sample, name) for name in _DOUBLE}
    run = sum(map(len, runs)) / len(runs)
    # A character a line, as some corpora have Chinese, leaves no words to see.
    by_letter = _is_a_letter_a_line(sample)
    if run >= _WHOLE_WORDS or by_letter:
        scores |= {name: _other_score(sample, name) for name in _SINGLE_OTHER}
    if run < 2 * _WHOLE_WORDS and not by_letter:
        scores |= {name: _latin_score(sample, name) for name in _SINGLE_LATIN}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] >= _SURE else None


def _is_a_letter_a_line(sample: bytes) -> bool:
    """Whether most lines begin beyond ASCII."""
    starts = [line[0] for line in sample.splitlines() if line.strip()]
    return len(starts) > 2 and sum(start > 0x7F for start in starts) > len(starts) / 2


def _decoded(sample: bytes, name: str) -> str:
    return sample.decode(_CODECS.get(name, name), "replace")


def _double_score(sample: bytes, name: str) -> float:
    """The share of usual characters, and what frequent ones add to it; -1 where it cannot be."""
    double, codec = _DOUBLE[name], _CODECS.get(name, name)
    text = [char for char in _decoded(sample, name) if char > "\x7f"]
    if text.count("\ufffd") > 1 + 0.02 * len(text):
        return -1.0
    letters = [char for char in text if char.isalpha()]
    if not letters or sum(map(double.required, letters)) < 0.1 * len(letters):
        return -1.0
    usual = sum(double.usual(char, char.encode(codec, "replace")) for char in letters)
    # Punctuation of these scripts is wide; what decodes to other signs is not of them.
    known = usual + sum("\u3000" <= char <= "\u303f" or char >= "\uff00" for char in text)
    share = known / len(text)
    frequent = sum(char in double.frequent for char in letters) / len(letters)
    return share + frequent if share >= _SURE else share


def _latin_score(sample: bytes, name: str) -> float:
    """The share of usual characters; a capital within a word is none."""
    decoded = _decoded(sample, name)
    text = [char for char in decoded if char > "\x7f"]
    odd = len(_CAPITAL_WITHIN.findall(decoded))
    return max(sum(char in usual for char in text) - odd for usual in _SINGLE_LATIN[name]) / len(
        text
    )


def _other_score(sample: bytes, name: str) -> float:
    """The share of usual characters, and what frequent ones add to it."""
    (usual,) = _SINGLE_OTHER[name]
    text = [char for char in _decoded(sample, name) if char > "\x7f"]
    share = sum(char in usual for char in text) / len(text)
    frequent = sum(char in usual[:_FREQUENT] for char in text) / len(text)
    return share + frequent if share >= _SURE else share


def _wide_without_mark(sample: bytes) -> str | None:
    """UTF-16 of Chinese and the like, which has hardly a zero byte: but line ends have one."""
    whole = sample[: len(sample) // 2 * 2]
    for name in ("UTF-16LE", "UTF-16BE"):
        text = whole.decode(name, "replace")
        usual = sum(bool(_USUAL.match(char)) for char in text)
        if _ENDS.search(text) and "\ufffd" not in text and usual > 0.95 * len(text):
            return name
    return None
