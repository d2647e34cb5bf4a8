"""What was counted of plugins: calls, time, errors."""

from datetime import datetime

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from marketwright.store.base import Base


class PluginCalls(Base):
    """Calls of one hook of one plugin on this marketplace, all processes together; seconds of machine time."""

    __tablename__ = "plugin_calls"

    plugin: Mapped[str] = mapped_column(String(40), primary_key=True)
    what: Mapped[str] = mapped_column(String(80), primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    seconds: Mapped[float] = mapped_column(Float, default=0.0)
    longest: Mapped[float] = mapped_column(Float, default=0.0)
    errors: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    last_error_at: Mapped[datetime | None]
