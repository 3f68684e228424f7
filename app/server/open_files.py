"""The limit of open files: each connection is one, and the usual limit is for programs with few."""

import contextlib
import resource

# What is tried where the hard limit itself cannot be had. macOS refuses to raise the soft limit
# to infinity, its hard limit, and above kern.maxfilesperproc; OPEN_MAX, 10,240, it always grants.
_ENOUGH = (1_048_576, 262_144, 65_536, 24_576, 10_240, 4_096)


def raise_limit_of_open_files() -> int:
    """Raise the soft limit as far as the system allows, never lower it; gives what holds then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, *_ENOUGH):
        if not _is_above(wanted, soft):
            continue
        # ValueError where it is beyond what may be, OSError where a sandbox forbids the call.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            return wanted
    return soft


def _is_above(limit: int, other: int) -> bool:
    """Compare limits of which one may be infinite: RLIM_INFINITY is -1 on some systems."""
    if other == resource.RLIM_INFINITY:
        return False
    return limit == resource.RLIM_INFINITY or limit > other
