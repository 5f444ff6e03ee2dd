"""`python -m inroads` is the same as `inroads`."""

from inroads.config.command_line import main

main(prog_name="inroads")
