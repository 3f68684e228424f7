"""Documents, charts and pages, whatever is in them."""
