"""A speed measurement as text for people."""

from __future__ import annotations

from evaluation.bench import Bench, StartUp
from evaluation.machine import Machine
from evaluation.report import NOT_MEASURED, table

COLD_HEAD = ("启动（秒，从进程开始算）", "引擎就绪", "第一个回答", "内存 MiB")


def bench_text(bench: Bench) -> str:
    """Machine, start-up, page and questions, each with its unit."""
    queries = bench.queries
    starts = table(COLD_HEAD, [_start("首次（空知识库）", bench.cold), _start("再次（中位数）", bench.warm)])
    stages = "，".join(f"{name} {seconds:.1f} 秒" for name, seconds in bench.cold.stages.items())
    return "\n".join(
        (
            machine_text(bench.machine, bench.model),
            f"内容    {bench.documents} 份文件，{bench.clauses} 条条款",
            "",
            starts,
            f"首次启动各步  {stages or NOT_MEASURED}",
            "",
            _page(bench),
            "",
            f"提问    {queries.questions} 个问题，每个第一次问：p50 {_ms(queries.p50)}，"
            f"p95 {_ms(queries.p95)}，最慢 {_ms(queries.slowest)}（{queries.slowest_question}）",
        )
    )


def machine_text(machine: Machine, model: str) -> str:
    """What it was measured on, three lines."""
    memory = f"{machine.memory_gib} GiB 内存" if machine.memory_gib is not None else "内存未知"
    packages = "，".join(f"{name} {version}" for name, version in machine.packages.items())
    return "\n".join(
        (
            f"机器    {machine.cpu}，{machine.cores} 核，{memory}，{machine.system}",
            f"版本    提交 {machine.commit}，Python {machine.python}，{packages}",
            f"模型    {model}",
        )
    )


def _start(name: str, start: StartUp) -> tuple[str, str, str, str]:
    memory = NOT_MEASURED if start.memory_mib is None else f"{start.memory_mib:.0f}"
    return name, f"{start.ready:.1f}", f"{start.first_answer:.1f}", memory


def _page(bench: Bench) -> str:
    if bench.page is None:
        return f"页面    {bench.page_note}"
    page = bench.page
    return (
        f"页面    服务启动 {page.server_ready:.1f} 秒；打开页面到出现第一个回答 {page.first_answer:.1f} 秒；"
        f"以后打开 {page.later_answer:.1f} 秒"
    )


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} 毫秒"
