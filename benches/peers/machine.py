"""On what the comparison ran."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def facts() -> dict[str, str]:
    """What tells one machine from another."""
    return {
        "cpu": cpu(),
        "vectors": vectors(),
        "cores": str(os.cpu_count()),
        "memory": f"{memory_bytes() / 2**30:.0f} GiB",
        "os": operating_system(),
        "python": platform.python_version(),
    }


def cpu() -> str:
    """The name that the processor gives itself."""
    return cpu_field("model name") or platform.processor() or platform.machine()


def vectors() -> str:
    """The widest of the vector instructions that Segmenta knows."""
    flags = cpu_field("flags").split()
    widest = [name for flag, name in (("avx512f", "avx512"), ("avx2", "avx2")) if flag in flags]
    return widest[0] if widest else "portable"


def cpu_field(name: str) -> str:
    """What Linux says of the first processor; nothing elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return ""
    fields = (line.partition(":") for line in lines)
    return next((value.strip() for field, _, value in fields if field.strip() == name), "")


def memory_bytes() -> int:
    """What is built in."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def operating_system() -> str:
    """The distribution where there is one, and the kernel."""
    kernel = f"{platform.system()} {platform.release()} {platform.machine()}"
    try:
        return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {kernel}"
    except OSError:
        return kernel
