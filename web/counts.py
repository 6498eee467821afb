"""Numbers in addresses: none is larger than a database counts."""

LARGEST = 2**31 - 1

#: A part of an address that is a number; a larger one is an address of nothing.
COUNT = f"int(max={LARGEST})"
