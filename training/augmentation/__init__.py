"""What training does to a sentence before the network reads it."""
