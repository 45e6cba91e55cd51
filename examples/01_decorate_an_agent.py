"""Decorate an agent: its trace has names, durations and outcomes, and none of the content.

Run it, then look at what was recorded: ``otel-smart-agents preview``.
"""

from __future__ import annotations

from otel_smart_agents import agent, configure, current, skill, tool


@tool("search_flights")
def search_flights(city: str) -> list[str]:
    return [f"09:10 to {city}", f"17:45 to {city}"]


@tool("book")
def book(flight: str, *, card: str) -> str:
    raise PermissionError(f"the bank refused card {card} for {flight}")


@skill("compare-prices", version="0.3.1")
def cheapest(flights: list[str]) -> str:
    return min(flights)


@agent("trip-planner", version="1.2.0")
def plan(request: str, *, card: str) -> str:
    current().usage(input=len(request.split()), output=12)
    flight = cheapest(search_flights(request.rpartition(" ")[2]))
    try:
        return book(flight, card=card)
    except PermissionError as error:
        return f"{flight}: not booked, {error}"


def main() -> None:
    # Without an endpoint everything stays on this machine. With one: configure(…, endpoint="http://localhost:4318", audience="own").
    with configure(service_name="trips"):
        print(plan("Find dana@acme.example a flight to Lisbon", card="4111 1111 1111 1111"))
    print("The program saw all of that. What telemetry kept of it: otel-smart-agents preview")


if __name__ == "__main__":
    main()
