"""`python -m gateway.cli`: the command, for children of `gongche up`."""

from gateway.cli import main

main()
