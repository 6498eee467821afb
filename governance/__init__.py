"""The community's rules: pure functions over facts.

Pure means: no clock, chance, keys, files, database or network in here. Facts and
moments come in as arguments; a decision or a `Refusal` comes out.
"""
