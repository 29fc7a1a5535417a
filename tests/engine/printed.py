"""What a take-away script prints when it runs."""

import contextlib
import io


def printed(script: str) -> list[str]:
    """The lines of a script's output."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(script, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue().splitlines()
