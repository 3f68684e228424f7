"""
What must agree between training and serving: text, features, decoding, bundles.

Knows nothing of the web and nothing of torch.
"""
