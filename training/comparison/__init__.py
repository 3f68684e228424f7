"""
Every network at equal width on the same data: what is trained, how it is measured, what it shows.

    plan         which fits there are
    run          the fits, in parallel; what is done is kept
    results      what is kept of a fit
    distance     how far from a slot is the word that decides it
    evidence     what a difference between two networks is worth
    claims       what the lecture says, judged by the results
    figures      a network's line in the table
    sections, remembering
                 the parts of a report
    document, charts
                 how they are written and drawn
    report       all of it, in files
"""
