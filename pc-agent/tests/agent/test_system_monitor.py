"""What the PC is made of, and how it is doing."""

from __future__ import annotations

from agent import system_monitor


def test_the_specs_name_processor_and_memory() -> None:
    specs = system_monitor.specs()

    assert {"cpu", "ram", "cpu_count"} == set(specs)
    assert str(specs["cpu"]).strip()
    assert str(specs["ram"]).endswith(" GB")
    assert system_monitor.operating_system().split()


def test_a_sample_has_the_published_metrics_within_their_bounds() -> None:
    sample = system_monitor.SystemMonitor().sample()

    percentages = [sample[name] for name in ("cpu_percent", "memory_percent", "disk_percent")]
    assert all(isinstance(value, float) and 0 <= value <= 100 for value in percentages)
    assert isinstance(sample["uptime_seconds"], int)
    assert sample["uptime_seconds"] > 0
