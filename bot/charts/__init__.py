"""Results of polls as pictures: one poll as bars, a repeated one as lines. Each has the same facts in words with it."""

from __future__ import annotations

from bot.charts.bars import chart
from bot.charts.editions import Edition, trend_lines
from bot.charts.trends import trend

__all__ = ["Edition", "chart", "trend", "trend_lines"]
