import pytest

from web import devices

MOZILLA = "Mozilla/5.0 "


@pytest.mark.parametrize(
    ("says", "label"),
    [
        (
            MOZILLA + "(X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0",
            "Firefox, Linux",
        ),
        (
            MOZILLA + "(Windows NT 10.0; Win64) Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge, Windows",
        ),
        (
            MOZILLA + "(Linux; Android 15) Chrome/140.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            MOZILLA
            + "(iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1",
            "Safari, iPhone",
        ),
        (MOZILLA + "(Macintosh; Intel Mac OS X 15) Safari/605.1", "Safari, Mac"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>Firefox</script>", "Firefox"),
    ],
)
def test_a_device_is_named_by_browser_and_system_and_nothing_else(says, label):
    assert devices.label(says) == label
