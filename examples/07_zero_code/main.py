"""The program, unchanged."""

from __future__ import annotations

from shop_agents import Assistant

for wish in ("green tea", "gold bars"):
    print(wish, "->", Assistant().run(wish))
