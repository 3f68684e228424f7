"""Studies that take many fits: which network, which ingredient, how many sentences."""
