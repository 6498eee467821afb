"""What a storm is compared with says what differs, as tests do."""

import pytest

pytest.register_assert_rewrite(
    "tests.faults.found", "tests.faults.pair", "tests.faults.storm"
)
