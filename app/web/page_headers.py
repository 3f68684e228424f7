"""Headers of the pages that people look at."""


def page_headers(policy: str) -> dict[str, str]:
    """Those of a page with this Content Security Policy: no other site frames it or reaches it."""
    return {
        "content-security-policy": policy,
        "cross-origin-opener-policy": "same-origin",
        # For browsers that do not know frame-ancestors.
        "x-frame-options": "DENY",
    }
