"""Names under which software sends personal information: what a key says its value is, and the form that value must have."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from mingcha.collect.traffic import validators as v


class Meaning(NamedTuple):
    """A type of information, and the check its values must pass; ``tell`` is false where only a planted value counts."""

    information: str
    check: Callable[[str], bool]
    tell: bool = True


_TABLE: Final[tuple[tuple[Meaning, str], ...]] = (
    (Meaning("dev.imei", v.equipment), "imei deviceimei phoneimei imeimd5 imeisha1 imeisha256"),
    (Meaning("dev.meid", v.equipment), "meid"),
    (Meaning("dev.imsi", v.imsi), "imsi subscriberid"),
    (Meaning("dev.iccid", v.iccid), "iccid simserial simserialnumber simid"),
    (Meaning("dev.oaid", v.advertising), "oaid oaidmd5 deviceoaid"),
    (Meaning("dev.vaid", v.advertising), "vaid"),
    (Meaning("dev.aaid", v.advertising), "aaid"),
    (Meaning("dev.gaid", v.advertising), "gaid googleadid googleaid gpid advertisingid"),
    (Meaning("dev.idfa", v.advertising), "idfa"),
    (Meaning("dev.idfv", v.advertising), "idfv"),
    (Meaning("dev.udid", v.advertising), "udid"),
    (Meaning("dev.utdid", v.advertising), "utdid"),
    (Meaning("dev.android_id", v.android_id), "androidid anid ssaid androididmd5 adid"),
    (Meaning("dev.serial", v.serial), "serialno serialnumber deviceserial hardwareserial"),
    (Meaning("dev.mac", v.mac), "mac macaddress macaddr wifimac wlanmac devicemac macmd5 ethmac"),
    (Meaning("dev.bluetooth_mac", v.mac), "bluetoothmac btmac bluetoothaddress btaddress blemac"),
    (Meaning("dev.bssid", v.mac), "bssid wifibssid routermac apmac"),
    (Meaning("dev.ssid", v.word), "ssid wifissid wifiname"),
    (Meaning("dev.app_list", v.word, tell=False), "applist installed installedapps packages installedpackages apps"),
    (Meaning("dev.model", v.word, tell=False), "model devicemodel phonemodel mobilemodel"),
    (Meaning("dev.device_name", v.word, tell=False), "devicename phonename"),
    (Meaning("dev.carrier", v.word, tell=False), "carrier operator simoperator networkoperator isp"),
    (Meaning("net.ip", v.address), "ip clientip localip ipv4 ipaddress userip deviceip"),
    (Meaning("net.account", v.word, tell=False), "account username userid uid loginname accountid user login"),
    (Meaning("net.password", v.word, tell=False), "password passwd pwd"),
    (Meaning("basic.phone", v.mobile), "phone phonenumber mobile mobilephone mobileno tel telephone phoneno cellphone msisdn line1number usermobile userphone phonenum"),
    (Meaning("basic.email", v.email), "email mail emailaddress useremail"),
    (Meaning("basic.name", v.han_name), "realname username truename fullname idname cardname name"),
    (Meaning("basic.nickname", v.word, tell=False), "nickname nick"),
    (Meaning("basic.gender", v.word, tell=False), "gender sex"),
    (Meaning("basic.birth_age", v.word, tell=False), "birthday birth birthdate dateofbirth age"),
    (Meaning("basic.address", v.word, tell=False), "address homeaddress detailaddress deliveryaddress"),
    (Meaning("identity.id_number", v.resident_id), "idcard idnumber idno idcardno identity identitycard certno certid cardno idcardnumber certificateno"),
    (Meaning("identity.passport", v.passport), "passport passportno passportnumber"),
    (Meaning("identity.plate", v.plate), "plate plateno platenumber carno licenseplate"),
    (Meaning("fin.bank_card", v.bank_card), "bankcard bankcardno bankno cardnumber bankaccount bankcardnumber"),
    (Meaning("contacts.book", v.mobile), "contacts contact contactlist addressbook phonebook"),
)  # fmt: skip
_MEANINGS: Final[dict[str, tuple[Meaning, ...]]] = {}
for _meaning, _names in _TABLE:
    for _one in _names.split():
        _MEANINGS[_one] = (*_MEANINGS.get(_one, ()), _meaning)

LATITUDES: Final = frozenset({"lat", "latitude", "gpslat", "gpslatitude", "y"})
LONGITUDES: Final = frozenset({"lng", "lon", "long", "longitude", "gpslng", "gpslon", "gpslongitude", "x"})
PAIRS: Final = frozenset(
    [
        "location",
        "loc",
        "latlng",
        "lnglat",
        "latlon",
        "lonlat",
        "gps",
        "coordinate",
        "coordinates",
        "position",
        "geo",
        "geopoint",
        "coord",
        "point",
    ]
)
_LAST_WORDS: Final = frozenset(
    [
        "imei",
        "meid",
        "imsi",
        "iccid",
        "oaid",
        "vaid",
        "aaid",
        "gaid",
        "idfa",
        "mac",
        "bssid",
        "ssid",
        "phone",
        "mobile",
        "idcard",
        "androidid",
        "email",
    ]
)
_words = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_LONGEST: Final = 48


@lru_cache(4096)
def plain(key: str) -> str:
    """A key without case, separators and a number at its end: ``device_IMEI2`` is ``deviceimei``."""
    if len(key) > _LONGEST:
        return ""
    bare = re.sub(r"[^0-9a-z]", "", key.lower())
    return bare if bare in _MEANINGS else bare.rstrip("0123456789")


@lru_cache(4096)
def meanings(key: str) -> tuple[Meaning, ...]:
    """What a key says of its value; nothing for the names of most things."""
    if not key or len(key) > _LONGEST:
        return ()
    if found := _MEANINGS.get(plain(key)):
        return found
    words = [word.lower() for word in _words.findall(key) if not word.isdigit()]
    last = words[-1] if words else ""
    return _MEANINGS[last] if last in _LAST_WORDS else ()
