"""The `gongche` command: the only place that wires the rooms together."""

import sys

from gateway.cli import serve
from kit.trouble import Trouble


def main() -> None:
    """Run the command; trouble that we know of is one sentence on standard error."""
    try:
        _run(sys.argv[1:])
    except Trouble as error:
        sys.stderr.write(f"gongche: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


def _run(words: list[str]) -> None:
    if len(words) == 1 and words[0] in serve.PROCESSES:
        serve.PROCESSES[words[0]]()
        return
    # The three processes start without what only the other commands need.
    from gateway.cli.commands import app

    app(words, prog_name="gongche")
