"""How often something was done lately, shared by every process of the node."""

from sqlalchemy.orm import Mapped, mapped_column

from node.database import Model


class Bucket(Model):
    """One bucket of tokens. Its name is a MAC that means nothing tomorrow."""

    __tablename__ = "throttle"

    bucket: Mapped[bytes] = mapped_column(primary_key=True)
    tokens: Mapped[float]
    #: Milliseconds since 1970, since the database itself counts with them.
    updated_at: Mapped[int] = mapped_column(index=True)
