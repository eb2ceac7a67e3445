"""The names in dates: months, weekdays, zones and the small words between, in the languages that `dates` reads.

Every name is in the form that `dates.fold` gives it: lower case, without accents, without a final full stop.
"""

import unicodedata
from datetime import timedelta, timezone

_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "en short": "jan feb mar apr may jun jul aug sep oct nov dec",
    "de": "januar februar märz april mai juni juli august september oktober november dezember",
    "de short": "jän febr mrz apr mai jun jul aug sept okt nov dez",
    "de austria": "jänner feber maerz april mai juni juli august september oktober november dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "fr short": "janv févr mars avr mai juin juil aoû sept oct nov déc",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "es short": "ene feb mar abr may jun jul ago setiembre oct nov dic",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "it short": "gen feb mar apr mag giu lug ago sett ott nov dic",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "pt short": "jan fev mar abr mai jun jul ago set out nov dez",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "nl short": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "ru nominative": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "ru short": "янв фев мар апр май июн июл авг сен окт ноя дек",
    "ru press": "янв февр мар апр май июн июл авг сент окт нояб дек",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
}
_WEEKDAYS = {
    "en": "monday tuesday wednesday thursday friday saturday sunday",
    "en short": "mon tue wed thu fri sat sun",
    "en longer": "mon tues weds thurs fri sat sun",
    "en between": "mon tue wed thur fri sat sun",
    "de": "montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "de north": "mo di mi do fr sonnabend so",
    "de short": "mo di mi do fr sa so",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "fr short": "lun mar mer jeu ven sam dim",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "es short": "lun mar mié jue vie sáb dom",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "it short": "lun mar mer gio ven sab dom",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "pt short": "seg ter qua qui sex sáb dom",
    "pt shorter": "segunda terça quarta quinta sexta sáb dom",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "nl short": "ma di wo do vr za zo",
    "ru": "понедельник вторник среда четверг пятница суббота воскресенье",
    "ru short": "пн вт ср чт пт сб вс",
    "ar": "الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد",
    "zh": "星期一 星期二 星期三 星期四 星期五 星期六 星期日",
    "zh short": "周一 周二 周三 周四 周五 周六 周日",
    "zh other": "星期一 星期二 星期三 星期四 星期五 星期六 星期天",
    "ja short": "月 火 水 木 金 土 日",
    "ja": "月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日",
}
_BETWEEN = (
    "the of at on in de del den der le il el um am à a las às alle ore om uhr uur klo г года год в и "
    "published updated posted modified first last filed publié mis jour veröffentlicht aktualisiert publicado "
    "actualizado pubblicato aggiornato atualizado gepubliceerd bijgewerkt опубликовано обновлено"
)
_HOURS = {
    **{"z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2},
    **{"eet": 2, "eest": 3, "msk": 3, "jst": 9, "kst": 9, "hkt": 8, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
    **{"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},  # RFC 5322, 4.3
    **{"akst": -9, "akdt": -8, "hst": -10},
}


def fold(text: str) -> str:
    """Return a text in lower case, without accents, its digits and letters in their plain forms (NFKC)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    digits = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    apart = unicodedata.normalize("NFD", digits)
    return unicodedata.normalize("NFC", "".join(char for char in apart if not unicodedata.combining(char)))


def _table(names: dict[str, str]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for line in names.values():
        for number, name in enumerate(fold(line).split()):
            found.setdefault(name, set()).add(number)
    return {name: frozenset(numbers) for name, numbers in found.items()}


MONTHS = {name: number + 1 for name, numbers in _table(_MONTHS).items() for number in numbers}
"""Months by name, 1 to 12. No name is a month in one language and another month in another."""

WEEKDAYS = _table(_WEEKDAYS)
"""Weekdays by name, Monday being 0; "ma" is Monday in Dutch and not elsewhere, and so on: all that a name can be."""

BETWEEN = frozenset(fold(_BETWEEN).split())
"""Words that say nothing about the day."""

ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}
"""Zones by abbreviation. BST (British, Bangladesh) and IST (Indian, Israeli, Irish) are not among them."""

PLACES = {"et": "America/New_York", "pt": "America/Los_Angeles"}
"""Zones that change over the year, by the name that American newspapers give them."""
