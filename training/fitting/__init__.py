"""From annotated sentences to a checkpoint."""
