"""Two communities at work on one machine: real processes, real HTTP, real mail.

Everything the demo shows it does through the same doors as anybody else; every
figure in its report is counted from the running nodes.
"""

from node.demo.show import demo

__all__ = ["demo"]
