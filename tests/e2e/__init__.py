"""Real programs end to end: decorated agents, our collector, Jaeger and Tempo. `make e2e` builds what is missing and runs them."""
