"""The page to try the service, and the page of the API."""
