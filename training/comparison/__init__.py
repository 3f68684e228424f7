"""
Every network at equal width on the same data: what is trained, how it is measured, what it shows.

    plan    which fits there are
    run     the fits, in parallel, each kept in a folder of its own once it is done
    results what is kept of a fit
    distance, statistics, claims
            what the lecture says, and whether the results bear it out
    report  all of it in one document
"""
