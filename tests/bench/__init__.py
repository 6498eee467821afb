"""Benchmarks: costs and rates as ratios to yardsticks taken in the same minute."""
