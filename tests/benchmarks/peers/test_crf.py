from benchmarks.peers.crf import features


def test_every_word_has_features() -> None:
    assert [len(each) for each in features(["to", "taipei"])] == [15, 15]
    assert features([]) == []


def test_a_word_knows_its_affixes_and_digits() -> None:
    [found] = features(["2nd"])
    assert {"digits=True", "prefix1=2", "prefix3=2nd", "suffix2=nd", "word+0=2nd"} <= set(found)


def test_a_word_knows_two_neighbours_on_either_side() -> None:
    _, to, _ = features(["fly", "to", "Taipei"])
    assert {"word-2=<s>", "word-1=fly", "word+1=taipei", "word+2=</s>"} <= set(to)
    assert {"before=fly to", "after=to taipei"} <= set(to)
