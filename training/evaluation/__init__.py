"""What a tagger is worth: scores, calibration, robustness, kinds of errors."""
