"""A community at work on one machine: real process, real HTTP, real mail.

Everything the demo shows it does through the same doors as anybody else; every
figure in its report is counted from the running node.
"""

from node.demo.show import demo

__all__ = ["demo"]
