"""What a browser says of itself, as a person would: Firefox on Linux."""

from marketwright.kernel.text import Text, say

_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
             ("Safari/", "Safari"), ("curl/", "curl"))  # fmt: skip
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"))  # fmt: skip


def describe_agent(agent: str) -> Text:
    """Browser and system of a User-Agent header; unknown parts are said so."""
    browser = next((name for mark, name in _BROWSERS if mark in agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    if browser and system:
        return say("%(browser)s on %(system)s", browser=browser, system=system)
    return say(browser or system) if browser or system else say("Unknown browser")


def is_phone(agent: str) -> bool:
    """Whether it is probably a phone."""
    return "Mobile" in agent or "iPhone" in agent
