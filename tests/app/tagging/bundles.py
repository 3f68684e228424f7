"""The toy bundle with other contents."""

from dataclasses import replace

from app.tagging.bundle import Bundle, Contents


def with_contents(bundle: Bundle, **changes: object) -> Bundle:
    fields = {name: getattr(bundle.contents, name) for name in Contents.__slots__}
    return replace(bundle, contents=Contents(**{**fields, **changes}))
