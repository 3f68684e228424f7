"""Commands that measure what the README claims; none is a test, for times drift."""
