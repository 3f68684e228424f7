"""
What a bundle gets wrong, and where it pays to begin.

    mistakes        gold and prediction paired, mistake by mistake
    learning_curve  F1 against the number of sentences
    sections        the mistakes, and the figures of parts of the corpus, as blocks of a document
    report          all of it on one page
"""
