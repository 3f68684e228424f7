"""The same parts as Markdown and as HTML."""

from training.reporting.document import (
    Badge,
    Block,
    Heading,
    Paragraph,
    Picture,
    Quote,
    Shade,
    Table,
    html,
    markdown,
)

BLOCKS: list[Block] = [
    Heading(1, "A & B"),
    Paragraph("Made by `a < b`."),
    Table(
        ("name", "F1", "verdict"),
        [["one", Shade("0.50", 0.5), Badge("borne out", "good")], ["two", "1.00", "–"]],
        "A caption",
        numbers=(1,),
    ),
    Picture("f1", "<svg></svg>", "F1 drawn"),
]


def test_as_markdown() -> None:
    assert markdown(BLOCKS, "atis-") == (
        "# A & B\n\n"
        "Made by `a < b`.\n\n"
        "A caption\n\n"
        "| name | F1 | verdict |\n"
        "| --- | ---: | --- |\n"
        "| one | 0.50 | **borne out** |\n"
        "| two | 1.00 | – |\n\n"
        "![F1 drawn](atis-f1.svg)\n"
    )


def test_as_html() -> None:
    page = html(BLOCKS)
    for part in (
        "<title>A &amp; B</title>",
        "<h1>A &amp; B</h1>",
        "<p>Made by <code>a &lt; b</code>.</p>",
        "<caption>A caption</caption>",
        '<th scope="col" class="number">F1</th>',
        '<th scope="row">one</th><td class="number" style="background: color-mix(',
        'var(--accent) 28%, transparent)">0.50</td>',
        '<td><span class="badge good">borne out</span></td>',
        '<td class="number">1.00</td><td>–</td>',
        "<figure><svg></svg><figcaption>F1 drawn</figcaption></figure>",
    ):
        assert part in page


def test_a_table_needs_no_caption() -> None:
    bare = [Table(("name",), [["one"]])]
    assert markdown(bare, "") == "| name |\n| --- |\n| one |\n"
    assert "<caption>" not in html(bare)


def test_what_is_quoted_stands_as_it_is() -> None:
    quoted = [Table(("words",), [["1", Quote("a | b  <i> *c* `d` [e]")]])]
    assert "| 1 | a \\| b \\<i\\> \\*c\\* \\`d\\` \\[e\\] |" in markdown(quoted, "")
    assert "<td>a | b  &lt;i&gt; *c* `d` [e]</td>" in html(quoted)
