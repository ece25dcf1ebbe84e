"""What the PC is made of, and how it is doing."""

from __future__ import annotations

import platform
import time
from pathlib import Path

import psutil


def specs() -> dict[str, object]:
    """`agent_hello.specs`: processor, memory, number of logical processors."""
    ram_gib = psutil.virtual_memory().total / 2**30
    return {"cpu": _processor(), "ram": f"{round(ram_gib)} GB", "cpu_count": psutil.cpu_count() or 1}


def operating_system() -> str:
    return f"{platform.system()} {platform.release()}"


class SystemMonitor:
    """Samples for the heartbeat. CPU use is measured since the sample before."""

    def __init__(self) -> None:
        psutil.cpu_percent()

    def sample(self) -> dict[str, object]:
        """Percentages 0 to 100, and seconds since the PC was started."""
        return {
            "cpu_percent": psutil.cpu_percent(),
            "memory_percent": psutil.virtual_memory().percent,
            "disk_percent": psutil.disk_usage(Path.cwd().anchor).percent,
            "uptime_seconds": round(time.time() - psutil.boot_time()),
        }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(errors="replace").splitlines():
            name, _, value = line.partition(":")
            if name.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
