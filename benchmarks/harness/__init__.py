"""What runs the service and what breaks it: for tests, benchmarks and documents alike."""
