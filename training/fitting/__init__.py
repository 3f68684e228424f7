"""Training: from annotated sentences to a checkpoint."""
