"""Where a question to a person makes no sense: under an AI agent and in CI. The lists are data; the functions only look names up.

A variable counts when it is set to anything but empty, ``0`` or ``false``. Names that an editor also sets in the terminals its human types
in (``CURSOR_TRACE_ID``, ``TERM_PROGRAM``, ``CLAUDE_CODE_SSE_PORT``) or that a human exports as configuration (``AIDER_MODEL``,
``COPILOT_MODEL``) are left out: they would lock people out of their own choice.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from otel_smart_agents.env import Environ

AGENT_VARIABLES: Final[Mapping[str, str]] = {
    "CLAUDECODE": "Claude Code",
    "CLAUDE_CODE": "Claude Code",
    "CLAUDE_CODE_ENTRYPOINT": "Claude Code",
    "CURSOR_AGENT": "Cursor",
    "GEMINI_CLI": "Gemini CLI",
    "CODEX_SANDBOX": "Codex",
    "CODEX_SANDBOX_NETWORK_DISABLED": "Codex",
    "CODEX_THREAD_ID": "Codex",
    "CODEX_CI": "Codex",
    "AIDER_AGENT": "Aider",
    "COPILOT_AGENT": "GitHub Copilot",
    "COPILOT_CLI": "GitHub Copilot",
    "COPILOT_AGENT_JOB_ID": "GitHub Copilot",
    "COPILOT_AGENT_SESSION_ID": "GitHub Copilot",
    "WINDSURF_AGENT": "Windsurf",
    "WINDSURF_CASCADE_TERMINAL": "Windsurf",
    "DEVIN_AGENT": "Devin",
    # Replit has no variable of its own for its agent: every shell there carries REPL_ID, so a person answers in another terminal.
    "REPL_ID": "Replit",
    "GOOSE_TERMINAL": "Goose",
    "OPENCODE": "opencode",
    "OPENCODE_CLIENT": "opencode",
    "AMP_CURRENT_THREAD_ID": "Amp",
    "CLINE_ACTIVE": "Cline",
    "CLINE_AGENT": "Cline",
    "ROO_ACTIVE": "Roo Code",
    "ROO_CLI_RUNTIME": "Roo Code",
    "AUGMENT_AGENT": "Augment",
    "ANTIGRAVITY_AGENT": "Antigravity",
    "QWEN_CODE": "Qwen Code",
    "TRAE_AI_SHELL_ID": "Trae",
    "CRUSH": "Crush",
    "OPENCLAW_SHELL": "OpenClaw",
    "PI_CODING_AGENT": "Pi",
    "GROK_AGENT": "Grok",
    "VSCODE_AGENT": "VS Code agent",
    "AI_AGENT": "an AI agent",
    "AGENT": "an AI agent",
    "AGENT_SESSION_ID": "an AI agent",
}
"""Variable name → the agent that sets it in the commands it runs. ``AI_AGENT`` and ``AGENT`` are conventions shared by several."""

AGENT_VALUES: Final[Mapping[str, tuple[str, str]]] = {"CURSOR_EXTENSION_HOST_ROLE": ("agent-exec", "Cursor")}
"""Variables that mean an agent only at one value."""

AGENT_FILES: Final[Mapping[str, str]] = {"/opt/.devin": "Devin"}
"""Files that exist only on an agent's own machine."""

CI_VARIABLES: Final[Mapping[str, str]] = {
    "GITHUB_ACTIONS": "GitHub Actions",
    "GITLAB_CI": "GitLab CI",
    "CIRCLECI": "CircleCI",
    "TRAVIS": "Travis CI",
    "BUILDKITE": "Buildkite",
    "JENKINS_URL": "Jenkins",
    "TEAMCITY_VERSION": "TeamCity",
    "TF_BUILD": "Azure Pipelines",
    "BITBUCKET_BUILD_NUMBER": "Bitbucket Pipelines",
    "CODEBUILD_BUILD_ID": "AWS CodeBuild",
    "APPVEYOR": "AppVeyor",
    "DRONE": "Drone",
    "WOODPECKER": "Woodpecker",
    "SEMAPHORE": "Semaphore",
    "CIRRUS_CI": "Cirrus CI",
    "BUILDER_OUTPUT": "Google Cloud Build",
    "NETLIFY": "Netlify",
    "VERCEL": "Vercel",
    "CF_PAGES": "Cloudflare Pages",
    "HEROKU_TEST_RUN_ID": "Heroku CI",
    "SCREWDRIVER": "Screwdriver",
    "GERRIT_PROJECT": "Gerrit",
    "PROW_JOB_ID": "Prow",
    "bamboo_planKey": "Bamboo",
    "GO_PIPELINE_NAME": "GoCD",
    "CONTINUOUS_INTEGRATION": "CI",
    "BUILD_NUMBER": "CI",
    "CI": "CI",
}
"""Variable name → the CI system that sets it."""

_UNSET = frozenset({"", "0", "false"})


def agent_detected(environ: Environ, *, exists: Callable[[str], bool] = os.path.exists) -> str | None:
    """Name the AI agent that runs this process and what gave it away, like ``Claude Code (CLAUDECODE)``; ``None`` if there is no sign."""
    found = _first(environ, AGENT_VARIABLES)
    if found is not None:
        return found
    for name, (value, agent) in AGENT_VALUES.items():
        if environ.get(name, "").strip() == value:
            return f"{agent} ({name}={value})"
    return next((f"{agent} ({path})" for path, agent in AGENT_FILES.items() if exists(path)), None)


def ci_detected(environ: Environ) -> str | None:
    """Name the CI system that runs this process and the variable, like ``GitLab CI (GITLAB_CI)``; ``None`` if there is no sign."""
    return _first(environ, CI_VARIABLES)


def no_person(environ: Environ, *, product: str, command: str = "otel-smart-agents") -> str | None:
    """Return why nobody can agree here, with a text to relay to the person, or ``None`` if nothing speaks against it."""
    agent = agent_detected(environ)
    if agent is not None:
        return (
            f"An AI agent cannot agree to telemetry for its human; this runs under {agent}. "
            f'Please relay: "{product} would like to send usage data. To read what it is and decide, run `{command} enable` in a terminal."'
        )
    ci = ci_detected(environ)
    if ci is not None:
        return f"Nobody can agree to telemetry in CI; this runs under {ci}. Run `{command} enable` in a terminal of your own."
    return None


def _first(environ: Environ, table: Mapping[str, str]) -> str | None:
    for name, label in table.items():
        if environ.get(name, "").strip().lower() not in _UNSET:
            return f"{label} ({name})"
    return None
