"""The protocol: what arrives from other nodes, read strictly, and what leaves.

It knows HTTP and JSON, and is told the time, the keys and the facts. It opens no
database and serves no page.
"""
