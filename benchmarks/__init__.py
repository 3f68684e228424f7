"""Commands that measure what the documentation claims; none is a test, for times drift."""
