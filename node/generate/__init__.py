"""A community at work, made up: to try a node, and to measure it when it is full.

Everything happens by the use cases that people's acts go through, under a clock of its
own; the same seed gives the same facts. What is more than a few thousand are copies.
"""

from node.generate.copies import Copies
from node.generate.living import Made, NotEmpty, generate

__all__ = ["Copies", "Made", "NotEmpty", "generate"]
