"""Encodings: found where a text is long enough to tell, UTF-8 otherwise, and a bad byte costs one record."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldwire.corpus.readers.base import Record, Reject, Source
from goldwire.corpus.readers.csv import READER as CSV
from goldwire.corpus.readers.encoding import SAMPLE, decoded, detect
from goldwire.corpus.readers.guess import _ENCODINGS
from goldwire.corpus.readers.jsonl import READER as JSONL
from goldwire.corpus.readers.plain import READER as PLAIN

# Invented, and written for the test: for each language its encodings and a text.
TEXTS: dict[str, tuple[tuple[str, ...], str]] = {
    "English": (
        ("cp1252",),
        "The mayor of Westhaven said on Tuesday that the “temporary” ferry won’t return before May – a delay of "
        "five weeks. “We didn’t expect the engine to fail,” she told reporters. Passengers’ groups asked for £2 "
        "million in refunds, and the council’s own café by the quay closed its doors.",
    ),
    "French": (
        ("cp1252", "iso8859_1"),
        "Le maire de Port-Clair a annoncé mardi que la passerelle, fermée depuis l'été dernier, serait réparée avant "
        "Noël. « Nous avons été déçus par les délais », a-t-elle déclaré à la presse. Les commerçants du quartier "
        "réclament une indemnité, et le préfet a reçu leurs délégués à l'hôtel de ville.",
    ),
    "German": (
        ("cp1252", "iso8859_1"),
        "Die Bürgermeisterin von Altmünde erklärte am Dienstag, die Brücke über den Fluss müsse länger gesperrt "
        "bleiben. Prüfer hätten Risse in mehreren Trägern gefunden, hieß es. Für die Händler der Altstadt bedeutet "
        "das größere Einbußen; sie fordern vom Land eine schnelle Entschädigung.",
    ),
    "Spanish": (
        ("cp1252", "iso8859_1"),
        "El alcalde de Puerto Nuevo anunció el martes que la estación de autobuses permanecerá cerrada hasta mañana. "
        "Según los técnicos, las lluvias dañaron el techo y el suministro eléctrico. «¿Quién pagará la reparación?», "
        "preguntó una comerciante. El año pasado también hubo inundaciones en el barrio más antiguo.",
    ),
    "Portuguese": (
        ("cp1252", "iso8859_1"),
        "A câmara de Vila Formosa decidiu na terça-feira que as eleições não serão adiadas, apesar da paralisação "
        "dos transportes. O presidente afirmou que a situação é difícil, mas não há razões para alarme. Os "
        "sindicatos pedem uma solução até ao próximo mês e prometem novas manifestações.",
    ),
    "Italian": (
        ("cp1252", "iso8859_1"),
        "Il sindaco di Montechiaro ha detto martedì che la città riaprirà il ponte già lunedì. «È più sicuro di "
        "prima», ha aggiunto, perché i lavori sono finiti. L'opposizione chiede però un'altra verifica: la società "
        "che gestisce l'opera non avrebbe pubblicato i dati, e la qualità del cemento è in dubbio.",
    ),
    "Swedish": (
        ("cp1252", "iso8859_1"),
        "Kommunen i Norrvik meddelade på tisdagen att färjan inte går förrän i maj. Skälet är ett fel på motorn, "
        "säger chefen för hamnen. Många pendlare måste nu åka buss över bron, vilket tar en timme längre. Två "
        "rederier har erbjudit sig att köra, men priset är för högt.",
    ),
    "Finnish": (
        ("cp1252", "iso8859_1"),
        "Rantakylän kunta ilmoitti tiistaina, että lautta ei kulje ennen toukokuuta. Syynä on moottorin vika, sanoo "
        "sataman johtaja. Työmatkalaiset käyttävät nyt linja-autoa, mikä vie tunnin enemmän. Kyläläiset pitävät "
        "päätöstä vääränä ja järjestävät mielenosoituksen.",
    ),
    "Polish": (
        ("cp1250", "iso8859_2"),
        "Burmistrz Nowej Przystani ogłosił we wtorek, że most pozostanie zamknięty do końca miesiąca. Inżynierowie "
        "znaleźli pęknięcia w trzech przęsłach, a część elementów trzeba wymienić. Mieszkańcy żądają wyjaśnień: "
        "objazd zajmuje godzinę, więc dzieci spóźniają się do szkoły. Śledztwo już się rozpoczęło.",
    ),
    "Czech": (
        ("cp1250", "iso8859_2"),
        "Starosta Nového Přístavu v úterý oznámil, že most zůstane uzavřený až do konce měsíce. Inženýři našli "
        "trhliny ve třech pilířích a část dílů je třeba vyměnit. Obyvatelé žádají vysvětlení: objížďka trvá hodinu, "
        "takže děti chodí do školy pozdě. Šetření již začalo.",
    ),
    "Hungarian": (
        ("cp1250", "iso8859_2"),
        "Újrév polgármestere kedden bejelentette, hogy a híd a hónap végéig zárva marad. A mérnökök repedéseket "
        "találtak három pilléren, ezért több elemet ki kell cserélni. A lakók magyarázatot követelnek: a kerülő út "
        "egy óra, így a gyerekek elkésnek az iskolából. A vizsgálat már megkezdődött, és őszig tarthat.",
    ),
    "Russian": (
        ("cp1251", "koi8_r", "iso8859_5"),
        "Мэр Новой Гавани объявил во вторник, что мост останется закрытым до конца месяца. Инженеры нашли трещины в "
        "трёх опорах, и часть деталей придётся заменить. Жители требуют объяснений: объезд занимает целый час, и "
        "дети опаздывают в школу. Следствие уже началось.",
    ),
    "Bulgarian": (
        ("cp1251",),
        "Кметът на Новия пристан обяви във вторник, че мостът ще остане затворен до края на месеца. Инженерите "
        "откриха пукнатини в три от опорите и част от елементите трябва да се сменят. Жителите искат обяснение: "
        "обходният път отнема час и децата закъсняват за училище.",
    ),
    "Ukrainian": (
        ("cp1251", "koi8_u"),
        "Міський голова Нової Гавані оголосив у вівторок, що міст залишиться зачиненим до кінця місяця. Інженери "
        "знайшли тріщини у трьох опорах, і частину деталей доведеться замінити. Мешканці вимагають пояснень: об'їзд "
        "триває годину, і діти запізнюються до школи.",
    ),
    "Greek": (
        ("cp1253", "iso8859_7"),
        "Ο δήμαρχος του Νέου Λιμανιού ανακοίνωσε την Τρίτη ότι η γέφυρα θα μείνει κλειστή μέχρι το τέλος του μήνα. "
        "Οι μηχανικοί βρήκαν ρωγμές σε τρεις πυλώνες και μερικά στοιχεία πρέπει να αλλάξουν. Οι κάτοικοι ζητούν "
        "εξηγήσεις, γιατί η παράκαμψη διαρκεί μία ώρα.",
    ),
    "Turkish": (
        ("cp1254", "iso8859_9"),
        "Yeni Liman belediye başkanı salı günü köprünün ay sonuna kadar kapalı kalacağını açıkladı. Mühendisler üç "
        "ayakta çatlak buldu ve bazı parçaların değiştirilmesi gerekiyor. Mahalle sakinleri açıklama istiyor: yol "
        "bir saat uzadığı için çocuklar okula geç kalıyor. Soruşturma başladı.",
    ),
    "Hebrew": (
        ("cp1255", "iso8859_8"),
        "ראש העיר של נמל חדש הודיע ביום שלישי כי הגשר יישאר סגור עד סוף החודש. המהנדסים מצאו סדקים בשלושה עמודים "
        "ויש להחליף חלק מהרכיבים. התושבים דורשים הסברים: הדרך העוקפת נמשכת שעה והילדים מאחרים לבית הספר. החקירה "
        "כבר החלה.",
    ),
    "Arabic": (
        ("cp1256", "iso8859_6"),
        "أعلن رئيس بلدية الميناء الجديد يوم الثلاثاء أن الجسر سيبقى مغلقا حتى نهاية الشهر. وقد وجد المهندسون شقوقا "
        "في ثلاثة أعمدة ويجب استبدال بعض الأجزاء. ويطالب السكان بتوضيح لأن الطريق البديل يستغرق ساعة كاملة والأطفال "
        "يصلون متأخرين إلى المدرسة.",
    ),
    "Thai": (
        ("tis_620",),
        "นายกเทศมนตรีเมืองท่าใหม่ประกาศเมื่อวันอังคารว่าสะพานจะปิดจนถึงสิ้นเดือน วิศวกรพบรอยร้าวในเสาสามต้นและต้องเปลี่ยนชิ้นส่วนบางส่วน "
        "ชาวบ้านเรียกร้องคำอธิบายเพราะทางอ้อมใช้เวลาหนึ่งชั่วโมงและเด็กไปโรงเรียนสาย",
    ),
    "Lithuanian": (
        ("cp1257", "iso8859_13"),
        "Naujojo Uosto meras antradienį pranešė, kad tiltas liks uždarytas iki mėnesio pabaigos. Inžinieriai rado "
        "įtrūkimų trijose atramose, tad dalį dalių reikės pakeisti. Gyventojai reikalauja paaiškinimų: apylanka "
        "užtrunka valandą, todėl vaikai vėluoja į mokyklą. Tyrimas jau prasidėjo.",
    ),
    "Japanese": (
        ("cp932", "euc_jp"),
        "新港市の市長は火曜日、橋を今月末まで閉鎖すると発表した。技術者が三本の橋脚にひび割れを見つけ、一部の部品を交換する必要があるという。住民は説明を求めている。"
        "迂回路は一時間かかり、子どもたちは学校に遅れている。調査はすでに始まった。",
    ),
    "Chinese": (
        ("gb18030",),
        "新港市市长星期二宣布，大桥将关闭到本月底。工程师在三个桥墩上发现了裂缝，部分构件需要更换。居民要求作出解释：绕行需要一个小时，孩子们上学常常迟到。"
        "调查已经开始，市政府表示将在下周公布结果，并向受影响的商户提供补偿。",
    ),
    "Chinese (Taiwan)": (
        ("big5",),
        "新港市市長星期二宣布，大橋將關閉到本月底。工程師在三個橋墩上發現了裂縫，部分構件需要更換。居民要求作出解釋：繞行需要一個小時，孩子們上學常常遲到。"
        "調查已經開始，市政府表示將在下週公布結果，並向受影響的商戶提供補償。",
    ),
    "Korean": (
        ("cp949",),
        "새항구시 시장은 화요일 다리를 이달 말까지 폐쇄한다고 발표했다. 기술자들이 세 개"
        "의 교각에서 균열을 발견했고 일부 부품을 교체해야 한다고 밝혔다. 주민들은 설명을"
        " 요구하고 있다. 우회로는 한 시간이 걸리고 아이들은 학교에 늦는다. 조사는 이미"
        " 시작되었다.",
    ),
}

CODED = [(language, encoding) for language, (encodings, _) in TEXTS.items() for encoding in encodings]
_TYPEWRITTEN = str.maketrans("“”‘’–", "\"\"''-")


def sample(language: str, encoding: str, length: int) -> str:
    text = TEXTS[language][1][:length]
    return text.translate(_TYPEWRITTEN) if encoding.startswith("iso") else text


@pytest.mark.parametrize("length", [120, 1000])
@pytest.mark.parametrize(("language", "encoding"), CODED)
def test_a_text_of_120_characters_tells_its_encoding(language: str, encoding: str, length: int) -> None:
    text = sample(language, encoding, length)
    assert text.encode(encoding).decode(detect(text.encode(encoding))) == text


def test_a_shorter_text_is_never_read_in_a_wrong_encoding() -> None:
    count = unknown = 0
    for language, encoding in CODED:
        for start in (0, 40, 80):
            for length in range(20, 120, 10):
                text = sample(language, encoding, 1000)[start : start + length]
                if not text.isascii():
                    content = text.encode(encoding)
                    count += 1
                    if (found := detect(content)) == "utf-8":
                        unknown += 1
                    else:
                        assert content.decode(found, "replace") == text, (language, encoding, length, found)
    assert (count, unknown) == (1257, 329)  # and none is wrong


def test_charset_normalizer_by_itself_is_wrong_more_often() -> None:
    from charset_normalizer import from_bytes

    wrong = 0
    for language, encoding in CODED:
        text = sample(language, encoding, 120)
        best = from_bytes(text.encode(encoding), cp_isolation=list(_ENCODINGS), enable_fallback=False).best()
        wrong += best is None or str(best) != text
    assert wrong > 5  # and none with `detect`: when this fails, `guess` may have become unnecessary


@pytest.mark.parametrize("language", TEXTS)
def test_utf8_stays_utf8_whole_cut_or_damaged(language: str) -> None:
    content = (TEXTS[language][1] * 3).encode()
    assert detect(content) == "utf-8"
    assert {detect(content[:length]) for length in range(100, 140)} == {"utf-8"}
    assert {detect(content[:length] + b"\xe9" + content[length:]) for length in range(100, 140)} == {"utf-8"}


def test_a_few_bytes_tell_only_where_they_are_usual() -> None:
    text = "The mayor of Westhaven said on Tuesday that the {} ferry would not return before the end of May."
    found = {mark: detect(text.format(mark).encode("cp1252")) for mark in ("café", "men’s", "ÿx", "Ðx", "£2")}
    assert found == {"café": "cp1252", "men’s": "cp1252", "ÿx": "utf-8", "Ðx": "utf-8", "£2": "cp1252"}
    assert detect(text.format("caf\x8e").encode("latin-1")) == "utf-8"  # Mac Roman


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells(encoding: str) -> None:
    content = 'id,text\r\n1,"Two cafés,\r\n👩‍👧"\r\n'.encode(encoding)
    (found,) = CSV.read(Source(io.BytesIO(content), "a.csv"))
    expected = {"id": "1", "text": "Two cafés,\r\n👩‍👧"}
    if encoding != "utf-8-sig":
        expected["encoding"] = encoding
    assert found == Record(expected, "a.csv", 2)


@pytest.mark.parametrize(("mark", "order"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf16_that_ends_within_a_character_is_rejected(mark: bytes, order: str) -> None:
    content = mark + "One".encode(order) + b"A"
    assert list(PLAIN.read(Source(io.BytesIO(content), "a.txt"))) == [
        Reject(
            "a.txt",
            1,
            "text: is not utf-16 (byte 0x41), in which the file seems to be; convert the file to UTF-8",
        )
    ]


def test_the_encoding_stands_in_the_record_and_a_byte_outside_it_costs_one_record() -> None:
    lines = [f"{number},{TEXTS['German'][1]}".replace(", ", "; ") for number in range(3)]
    content = "\n".join(["id,text", *lines]).encode("cp1252") + b"\n3,Br\x81cke\n4,Ende\n"
    found = list(CSV.read(Source(io.BytesIO(content), "a.csv")))
    german = TEXTS["German"][1].replace(", ", "; ")
    assert found == [
        *(Record({"id": str(n), "text": german, "encoding": "cp1252"}, "a.csv", n + 2) for n in range(3)),
        Reject(
            "a.csv", 5, "text: is not cp1252 (byte 0x81), in which the file seems to be; convert the file to UTF-8"
        ),
        Record({"id": "4", "text": "Ende", "encoding": "cp1252"}, "a.csv", 6),
    ]


def test_a_file_that_is_ascii_for_a_long_time_is_utf8() -> None:
    content = b"id,text\n" + b"1,plain words\n" * (SAMPLE // 10) + "2,café\n".encode() + b"3,caf\xe9\n"
    found = list(CSV.read(Source(io.BytesIO(content), "a.csv")))
    assert found[-2:] == [
        Record({"id": "2", "text": "café"}, "a.csv", SAMPLE // 10 + 2),
        Reject("a.csv", SAMPLE // 10 + 3, "text: is not UTF-8 (byte 0xE9); convert the file to UTF-8"),
    ]


def test_a_later_part_of_a_file_is_utf8() -> None:
    line = '{"text": "' + TEXTS["German"][1].replace('"', "") + '"}\n'
    (first,) = JSONL.read(Source(io.BytesIO(line.encode("cp1252")), "a.jsonl"))
    assert isinstance(first, Record)
    assert first.fields["encoding"] == "cp1252"
    (later,) = JSONL.read(Source(io.BytesIO(line.encode("cp1252")), "a.jsonl", first_line=7))
    assert later == Reject("a.jsonl", 7, "line: is not UTF-8 (byte 0xFC)")


class Pipe(io.RawIOBase):
    """A stream that cannot be sought in, and gives a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self._inner = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._inner.read(min(size, 7) if size >= 0 else 7)


@given(text=st.text(st.characters(exclude_categories=["Cs"])), name=st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_a_pipe_is_read_to_its_end(text: str, name: str) -> None:
    with decoded(Pipe(("\ufeff" if name == "utf-8" else "").encode() + text.encode(name))) as found:  # type: ignore[arg-type]
        assert (found.stream.read(), found.encoding) == (text, name)


@given(content=st.binary(max_size=300))
def test_any_bytes_have_an_encoding(content: bytes) -> None:
    with decoded(io.BytesIO(content), head=10) as found:
        text = found.stream.read()
    assert found.encoding in {"utf-8", "utf-16", "utf-32", *_ENCODINGS}
    if found.problem(text) is None and found.encoding == "utf-8":
        assert text.encode() == content.removeprefix(b"\xef\xbb\xbf")
