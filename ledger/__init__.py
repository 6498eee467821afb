"""The log: what was taken in, sealed so that nobody can take it back unseen.

Everything here is pure. Bytes, keys, times and chance come in as arguments; findings
go out. It needs the standard library and `cryptography`, and nothing else of Folkmoot.
"""
