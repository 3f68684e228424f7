"""Annotated text: reading, splitting and counting it, and the lists and vectors beside it."""
