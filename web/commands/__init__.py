"""The commands of casework: each acts for one person, by the use cases of the pages.

They stand beside the API because they take and give its shapes: what a command prints
with `--json` is what a program would have got.
"""
