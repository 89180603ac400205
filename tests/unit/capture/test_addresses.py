"""The guard: which addresses are asked at all, whatever a page or a name server says."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingcha.capture.addresses import Endpoint, joined, look_up, parse_url, public, why_refused
from mingcha.errors import UsageError

PUBLIC = ["8.8.8.8", "223.5.5.5", "114.114.114.114", "2400:3200::1", "2606:4700:4700::1111", "64:ff9b::808:808"]
REFUSED = [
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.8.8.8", "168.63.129.16", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.7",
    "224.0.0.251", "239.255.255.250", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::ffff:8.8.8.8",
    "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1",
    "fd00:ec2::254", "ff02::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::", "3fff::1", "5f00::1",
    "2400:3200::5efe:10.0.0.1", "2400:3200::200:5efe:8.8.8.8", "nonsense", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_pass(address: str) -> None:
    """Addresses of the public internet are asked, NAT64 with a public address inside among them."""
    assert why_refused(address) is None


@pytest.mark.parametrize("address", REFUSED)
def test_other_addresses_are_refused(address: str) -> None:
    """Every address that is not public is refused, in each of its disguises."""
    assert why_refused(address)


@given(st.ip_addresses())
def test_what_passes_is_global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Whatever passes is global, and neither multicast nor reserved, by the standard library's own tables."""
    if why_refused(str(address)) is None:
        inside = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if str(address).startswith("64:ff9b::") else address
        assert inside.is_global
        assert not any((inside.is_multicast, inside.is_reserved, inside.is_loopback, inside.is_link_local))


_PRIVATE = st.one_of(
    *(st.ip_addresses(network=n) for n in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                                           "192.168.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "0.0.0.0/8"))
)  # fmt: skip
_WRAPPED = ("::ffff:{}", "::{}", "64:ff9b::{}", "64:ff9b:1::{}", "::ffff:0:{}", "2400:3200::5efe:{}", "fe80::5efe:{}")


@given(_PRIVATE, st.sampled_from(_WRAPPED))
def test_no_disguise_helps(address: ipaddress.IPv4Address, form: str) -> None:
    """An address that is not public stays refused in every form that holds an IPv4 address."""
    assert why_refused(str(address))
    assert why_refused(form.format(address))
    packed = f"{int(address) >> 16:x}:{int(address) & 0xFFFF:x}"
    assert why_refused(f"2002:{packed}::1")
    assert why_refused(f"2001:0:{packed}::1")


@given(
    st.lists(st.sampled_from(PUBLIC), max_size=3),
    st.sampled_from(REFUSED),
    st.lists(st.sampled_from(PUBLIC), max_size=3),
)
def test_one_bad_address_refuses_the_name(before: list[str], bad: str, after: list[str]) -> None:
    """A name is refused if any one of its addresses is not public, wherever it stands among them."""
    with pytest.raises(UsageError, match="not a public address"):
        public(parse_url("https://policy.example/"), lambda *_: [*before, bad, *after])


def test_endpoints_are_the_checked_addresses() -> None:
    """What is connected to is what was checked, and a name is looked up once."""
    asked = []

    def once(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return ["8.8.8.8", "2400:3200::1"]

    assert public(parse_url("https://policy.example:8443/a"), once) == (
        Endpoint("8.8.8.8", 8443),
        Endpoint("2400:3200::1", 8443),
    )
    assert asked == [("policy.example", 8443)]


def test_a_name_without_addresses_is_refused() -> None:
    """No address is told, not passed over."""
    with pytest.raises(UsageError, match="no address is known"):
        public(parse_url("https://policy.example/"), lambda *_: [])


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "[::1]"])
def test_the_system_resolver_meets_the_guard(host: str) -> None:
    """Numbers that only the system's resolver understands are refused after it resolved them, or because it cannot."""
    with pytest.raises(UsageError, match=r"not a public address|no address is known"):
        public(parse_url(f"http://{host}/"), look_up)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("ftp://policy.example/", "begins with https"),
        ("file:///etc/passwd", "begins with https"),
        ("javascript:alert(1)", "begins with https"),
        ("policy.example/privacy", "begins with https"),
        ("https://name:secret@policy.example/", "user name"),
        ("https://name@policy.example/", "user name"),
        ("https://policy.example\\@10.0.0.1/", "user name|backslash"),
        ("https://policy.example:22/", "port 22"),
        ("https://policy.example:6379/", "port 6379"),
        ("https://policy.example:0/", "port 0"),
        ("https://policy.example:99999/", "no address"),
        ("https:///privacy", "no name of a host"),
        ("https://poli cy.example/", "no name of a host"),
        ("https://[fe80::1%25eth0]/", "no|public"),
        ("https://[::1/", "no address"),
        ("https://" + "a" * 5000, "characters"),
    ],
)
def test_addresses_as_written_are_checked(text: str, why: str) -> None:
    """What is no plain public web address is refused before any name is looked up, and no password is repeated."""
    with pytest.raises(UsageError, match=why) as told:
        public(parse_url(text), lambda host, _: [host])
    assert "secret" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("HTTPS://Policy.Example/隐私政策?类型=应用#一", "https://policy.example/%E9%9A%90%E7%A7%81%E6%94%BF%E7%AD%96?%E7%B1%BB%E5%9E%8B=%E5%BA%94%E7%94%A8#%E4%B8%80"),
        ("https://例子.测试", "https://xn--fsqu00a.xn--0zwm56d/"),
        ("http://policy.example:80", "http://policy.example/"),
        ("http://policy.example:8080/a%20b", "http://policy.example:8080/a%20b"),
        ("https://[2400:3200:0::1]/", "https://[2400:3200::1]/"),
        ("https://policy.example/a\r\nHost: x", "https://policy.example/aHost:%20x"),
    ],
)  # fmt: skip
def test_addresses_have_one_form(text: str, same: str) -> None:
    """An address is brought to the form that a server understands, and nothing in it can end a line."""
    assert str(parse_url(text)) == same
    assert str(parse_url(same)) == same


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    """Any text is refused with our own error or becomes an address that reads back as itself."""
    for candidate in (text, "http://" + text, "http://a.example/" + text):
        try:
            url = parse_url(candidate)
        except UsageError:
            continue
        assert parse_url(str(url)) == url
        assert str(url).isascii()
        assert str(url).isprintable()


@given(st.text(max_size=60))
def test_any_reference_is_joined_or_refused(reference: str) -> None:
    """Any reference of a page becomes an address of a permitted kind, or our own error."""
    try:
        url = joined(parse_url("https://policy.example/a/b"), reference)
    except UsageError:
        return
    assert url.scheme in ("http", "https")
