"""One community's node: its settings, its data and what can be done with them.

Every use case is one function that takes the `Node` first, and one transaction.
"""
