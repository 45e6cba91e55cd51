"""``python -m otel_smart_agents`` is the command line."""

from otel_smart_agents.cli import main

if __name__ == "__main__":
    main()
