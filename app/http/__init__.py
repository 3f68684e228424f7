"""What holds for every request, whatever it asks: errors, keys, limits, request ids."""
