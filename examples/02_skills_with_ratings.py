"""Skills with ratings: at once, later through the run's ``ref``, and in another process.

    python 02_skills_with_ratings.py                                    answers, and prints the ref of the answer
    python 02_skills_with_ratings.py rate "<ref>" 5 --label helpful     rates it: a day later, from a web form, from another machine

The ref is two random numbers. Store it beside the answer; it says nothing about the user.
"""

from __future__ import annotations

import argparse

from otel_smart_agents import agent, configure, feature, feedback, skill

LABELS = ("helpful", "wrong", "too-slow")


@skill("summarise-ticket", version="2.1.0", source="curated")
def summarise(ticket: str) -> str:
    return ticket.partition(".")[0]


@skill("suggest-reply", version="1.0.3", source="local")
def suggest(summary: str) -> str:
    return f"We are looking into it: {summary.lower()}"


@agent("support", version="3.0.0")
def answer(ticket: str) -> tuple[str, str]:
    reply = suggest(summarise(ticket))
    with skill("check-tone") as run:
        run.rate(5 if "looking into it" in reply else 2)  # rated by the program itself, at once
        return reply, run.ref


def main() -> None:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command")
    rate = commands.add_parser("rate")
    rate.add_argument("ref")
    rate.add_argument("stars", type=float)
    rate.add_argument("--label", choices=LABELS)
    arguments = parser.parse_args()
    with configure(service_name="support-desk"):
        if arguments.command == "rate":
            feedback(arguments.ref, "user_satisfaction", arguments.stars, label=arguments.label)
            print("Thank you.")
        else:
            feature("suggested-replies", "used")
            reply, ref = answer("The invoice of Dana Smith shows the wrong total. Please correct it.")
            print(reply, f"ref: {ref}", sep="\n")


if __name__ == "__main__":
    main()
