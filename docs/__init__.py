"""The documentation: `make docs` builds it; the modules here generate parts of it."""
