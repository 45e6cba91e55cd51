# ruff: noqa: B904 - the frames of such code are the subject
"""Exception groups: 3.11 and newer."""

import asyncio

from acme import agents, errors


def caught(function, value="planted"):
    try:
        function(value)
    except Exception as error:
        return error


def plain_group(value):
    raise ExceptionGroup("planted group", [caught(agents.plain), caught(agents.library)])


def order_does_not_matter(value):
    raise ExceptionGroup("other planted", [caught(agents.library), caught(agents.plain), caught(agents.plain)])


def nested_group(value):
    raise ExceptionGroup("planted", [caught(agents.plain), ExceptionGroup("inner", [caught(agents.library)])])


def never_raised_members(value):
    raise ExceptionGroup("planted", [ValueError("planted"), TypeError("planted")])


def never_raised_nested(value):
    raise ExceptionGroup("planted", [ExceptionGroup("inner", [ValueError("planted")]), KeyError("planted")])


def chained_members(value):
    raise ExceptionGroup("planted", [caught(agents.chained_from), caught(agents.suppressed), caught(agents.cause_never_raised)])


def group_in_member(value):
    def leaf(item):
        try:
            plain_group(item)
        except ExceptionGroup as error:
            raise errors.AgentError("planted") from error

    raise ExceptionGroup("planted", [caught(leaf), caught(agents.division)])


def group_as_context(value):
    try:
        plain_group(value)
    except ExceptionGroup:
        raise RuntimeError("planted")


def group_as_bare_cause(value):
    raise RuntimeError("planted") from ExceptionGroup("planted", [caught(agents.plain)])


def member_is_context(value):
    try:
        agents.plain(value)
    except ValueError as error:
        raise ExceptionGroup("planted", [error, caught(agents.division)])


def group_of_group_context(value):
    try:
        plain_group(value)
    except ExceptionGroup as group:
        raise ExceptionGroup("planted", [group, caught(agents.division)])


def wide(value):
    functions = [agents.plain, agents.division, agents.method, agents.library]
    raise ExceptionGroup("planted", [caught(functions[number % 4]) for number in range(20)])


def deep(value):
    error = caught(agents.plain)
    for _ in range(14):
        error = ExceptionGroup("planted", [caught(agents.division), error])
    raise error


def multi_line(value):
    one = caught(agents.fake_frames)
    one.add_note("planted\nnote")
    raise ExceptionGroup("planted\nsecond line\n  | third", [one, caught(agents.fake_group), caught(agents.fake_header)])


def task_group(value):
    async def run():
        async with asyncio.TaskGroup() as group:
            group.create_task(agents.acall(value))
            group.create_task(agents.atask(value))

    asyncio.run(run())


def rest_of_except_star(value):
    try:
        plain_group(value)
    except* ValueError:
        pass


def raised_in_except_star(value):
    try:
        plain_group(value)
    except* ValueError:
        agents.division(value)


def base_group(value):
    raise BaseExceptionGroup("planted", [KeyboardInterrupt(), caught(agents.plain)])


class OwnGroup(ExceptionGroup):
    def derive(self, excs):
        return OwnGroup(self.message, excs)


def own_group(value):
    raise OwnGroup("planted", [caught(agents.plain), caught(agents.order)])
