"""Generators of the tables that `app/values/` ships."""
