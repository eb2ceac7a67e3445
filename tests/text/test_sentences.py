"""Sentences as offsets."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from goldwire.text.sentences import sentences

# Paragraphs of two to four sentences, parted by " | ", by language and what stands between sentences.
CASES = {
    ("en", " "): [
        "The bank bought U.S. Steel last week. | Nobody was told.",
        "He lives in the U.S. | He said so twice.",
        "Their flat was at No. 5 Mill Lane. | It burned on Jan. 3.",
        "Mr. Smith met Mrs. Holm and Dr. Voss. | They talked until 9 a.m. Monday.",
        "He waited... | Then he left. | She hesitated... and stayed.",
        "PARIS (AP) — The harbour council met on Monday. | It set no date.",
        "WASHINGTON, Dec. 11 (Reuters) - The Senate voted. | The bill failed.",
        "Growth was 3.5 million units. | In 2016 it was 2.1 million.",
        "See https://example.org/a.b?c=1 for more. | The site e.g. lists ports, i.e. harbours.",
        "J. R. R. Tolkien wrote it. | J.R.R. Holm read it.",
        "The march reached Washington, D.C. on Friday. | It ended in Washington, D.C. | Police watched.",
        '"We will not go," he said. | "Never?" she asked. | "Never." | They left.',
        'He said: "We will not go." | She agreed.',
        "He called it ‘a farce’. | She called it “a start”. | No one laughed.",
        "“It is over.” | “Is it?” | He nodded.",
        "(The port was closed.) | It opened again in May.",
        "Acme Inc. sued Bolt Corp. and Co. | The case goes on.",
        "The St. Louis plant closed. | Sen. Ada Voss (D-Mo.) protested.",
        "Police arrested 5 men, aged 19 to 24, etc. | The trial starts Oct. 9.",
        "Yahoo! bought the firm. | Who knew?! | Nobody!",
        "Lt. Col. Holm and Gen. Marsh resigned. | Gov. Reed did not.",
        "Vitamin C is fine. | So is vitamin D. | And plan B failed.",
        "He got an A. | She got a B. | They were glad.",
        "iPhones sold well. | eBay rose too.",
        "It cost $3.50. | Later it cost £4.",
        "The vote was Smith vs. Jones. | Jones won by 3 p.p. in all.",
        "The meeting is at 5 p.m. | Bring papers.",
        "The talks in Jan. and Feb. failed. | Those in Sept. did not.",
        "Ph.D. students marched. | M.D. holders did not.",
        "Martin Luther King Jr. spoke there. | John Holm Sr. listened.",
        "It was the end of World War II. | Everyone cheered.",
        "The U.N. Security Council met. | The U.N. said nothing.",
        "Was it Gov. Reed? | It was, said a spokesman. | “Yes!” he cried.",
        "The company, founded in approx. 1900, closed. | Sales (est. 1,000) fell.",
        "Fig. 3 and pp. 12-14 show this. | Vol. 2 does not.",
        "The U.K. left the E.U. in 2020. | The U.S. did not react.",
        "Visit www.example.com. | Write to ada@example.com. | Thanks.",
        "Version 2.0.1 is out. | Node.js is not.",
        "He served as Atty. Gen. Holm. | She was Rep. Voss’s aide.",
        "[Editor’s note: the names were changed.] | The story follows.",
        "The bridge – built in 1900 – fell. | – No one was hurt.",
        "Mt. Holm and Ft. Reed are near. | Ste. Anne is not.",
        "It grew by approx. 5 percent per yr. on average. | Then it fell.",
        "Prof. A. B. Marsh, of Univ. College, agreed. | So did R. Holm.",
        "The ship sank at lat. 5 N. | A survey found it.",
        "They came from Ala., Calif. and Tenn. on Sunday. | The Mass. General Hospital took them in.",
    ],
    ("en-lines", "\n"): [
        "1. Close the port. | 2. Tell the crew. | 3. Wait.",
        "• The port stays closed. | • The crew goes home",
    ],
    ("de", " "): [
        "Er kam am 3. Mai nach Bonn. | Am 4. ging er.",
        "Das war im 19. Jahrhundert so. | Heute ist es anders.",
        "Das gilt z. B. für Häfen. | D. h. für alle.",
        "Viele Häfen, z.B. Hamburg, d.h. der Norden, litten. | Der Süden nicht.",
        "Dr. Voss und Prof. Dr. Holm kamen. | Frau Dr. Reed blieb.",
        "Die Firma Holm & Co. KG schloss. | Ca. 300 Leute gingen.",
        "Er sagte: „Wir gehen nicht.“ | Sie nickte.",
        "„Warum?“, fragte sie. | „Darum“, sagte er.",
        "Laut Abs. 2 Nr. 5 ist es verboten. | Vgl. S. 12 ff. des Berichts.",
        "Es waren u. a. Holm, Voss usw. dabei. | Alle gingen.",
        "Am 1. Januar 2017 trat es in Kraft. | Es gilt bis 31. Dezember.",
        "Die 2. Bundesliga startet. | Der 1. FC Köln gewann.",
        "Er wohnt in der Hafenstr. 5. | Die Tel.-Nr. fehlt.",
        "BERLIN (dpa) - Der Rat tagte. | Er vertagte sich.",
        "Der Bau kostet 3,5 Mio. Euro, max. 4 Mrd. Kronen. | Das ist viel.",
        "Es geschah 2016. | Danach kam nichts. | Er wurde 65. | Sie auch.",
    ],
    ("fr", " "): [
        "M. Macron a rencontré Mme Holm. | MM. Voss et Reed sont partis.",
        "Le port fut fondé en 600 av. J.-C. par des Grecs. | Il existe encore.",
        "« Nous ne partirons pas. » | Elle acquiesça.",
        "Il a dit : « C’est fini. » | Puis il est sorti.",
        "Pourquoi ? | Personne ne sait ! | C’est tout.",
        "Voir p. 12 et art. 5 du code. | Cf. aussi vol. 2.",
        "Le Dr Holm et le Pr. Voss, etc. sont venus. | Éric est resté.",
        "PARIS (AFP) - Le conseil s’est réuni. | Aucune date n’a été fixée.",
        "Mgr. Holm et St. Pierre. | J.-P. Marsh a gagné.",
        "Il habite bd. Voltaire, env. 5 km plus loin. | À bientôt.",
        "Le no. 5 et le tél. 01 23. | Ça va.",
    ],
    ("es", " "): [
        "El Sr. Holm y la Sra. Voss llegaron. | Dña. Ana no vino.",
        "Viajó a EE. UU. en mayo. | Volvió en junio.",
        "Viajó a EE.UU. en mayo. | Nadie lo supo.",
        "¿Quién fue? | ¡Nadie lo sabe! | Él llegó ayer.",
        "Vive en la Avda. Mayor, núm. 5. | El Dr. Reed también.",
        "Fue en el s. XIX. | El Ud. de hoy es otro.",
        "El art. 5 y la pág. 12 lo dicen. | El Gral. Marsh lo niega.",
        "«No iremos». | Ella asintió.",
        "MADRID (EFE).— El consejo se reunió. | No hubo acuerdo.",
    ],
    ("it", " "): [
        "Il sig. Rossi e la dott.ssa Holm sono partiti. | Il prof. Voss è rimasto.",
        "Vedi pag. 12 e art. 5, ecc. | È tutto.",
        "Nacque nel 100 a.C. a Roma. | Morì lì.",
    ],
    ("pt", " "): [
        "O Sr. Silva e a Sra. Holm chegaram. | A Dra. Voss não veio.",
        "Mora na Av. Central, n. 5. | É longe.",
        "O Exmo. Sr. Prof. Reed falou. | Ninguém ouviu.",
    ],
    ("nl", " "): [
        "Dhr. Holm en mevr. Voss kwamen. | Drs. Reed bleef thuis.",
        "Het gaat o.a. om havens, bijv. Rotterdam. | Dat is alles.",
        "Het gesprek met mr. Jansen duurde ca. 5 uur. | Ir. Bakker zweeg.",
    ],
    ("ru", " "): [
        "Это значит, т. е. порт закрыт. | Люди ушли.",
        "Завод им. Ленина стоит в г. Москва. | Он закрыт.",
        "В 2016 г. порт закрыли. | Это было в XX в. до войны.",
        "А. С. Пушкин родился здесь. | Проф. И. И. Иванов это знает.",
        "Были овощи, фрукты и т. д. | Все ушли.",
        "«Мы не пойдём», — сказал он. | «Почему?» — спросила она. | Он молчал.",
        "Он жил на ул. Мира, д. 5, кв. 7. | Теперь там пусто.",
        "Долг вырос до 5 млн. руб. за год. | Банк молчит.",
    ],
    ("ar", " "): [
        "وصل الوزير أمس. | ماذا قال؟ | غادر اليوم.",
        "قال د. أحمد إن الميناء مغلق. | لم يعلق أحد!",
    ],
    ("ar-unspaced", ""): [
        "ماذا قال؟ | لا أحد يعرف.",
    ],
    ("fa", " "): [
        "وزیر دیروز آمد. | چه گفت؟ | او امروز رفت.",
    ],
    ("ur", " "): [
        "وزیر کل آیا۔ | اس نے کیا کہا؟ | وہ چلا گیا۔",
    ],
    ("hi", " "): [
        "वह गया। | क्यों? | कोई नहीं जानता।",
        "डॉ. शर्मा आए। | श्री वर्मा नहीं आए।",
    ],
    ("bn", " "): [
        "সে গেল। | কেন? | কেউ জানে না।",
    ],
    ("am", " "): [
        "ሚኒስትሩ ትናንት መጡ። | ማንም አልጠየቀም።",
    ],
    ("zh-unspaced", ""): [
        "会议昨天结束。 | 双方明天再谈！ | 谁知道？",
        "他说：“我们同意。” | 双方明天再谈。",
        "“我们同意！”他说。 | 会议结束了。",
        "经济增长3.5%。 | 专家说……很难。",
    ],
    ("ja-unspaced", ""): [
        "会議は昨日終わった。 | 次は来週だ。",
        "「行かない。」と彼は言った。 | 彼女はうなずいた。",
        "彼は「終わった。」 | 彼女は黙った。",
    ],
    ("ko", " "): [
        "회의가 어제 끝났다. | 누가 알았나? | 아무도 몰랐다.",
    ],
    ("th", " "): [
        "การประชุมสิ้นสุดลงเมื่อวานนี้",
    ],
    ("el", " "): [
        "Ο υπουργός έφυγε. | Γιατί; | Κανείς δεν ξέρει.",
    ],
    ("hy", " "): [
        "Նախարարը եկավ։ | Ոչ ոք չգիտի։",
    ],
    ("he", " "): [
        "השר הגיע אתמול. | מה הוא אמר? | הוא עזב.",
    ],
    ("tr", " "): [
        "Prof. Dr. Holm geldi. | Kimse bilmiyor. | 29. Ekim Caddesi kapalı.",
    ],
    ("pl", " "): [
        "Prof. Nowak przyjechał ok. 5 rano. | Był np. Kraków itd. w planie.",
    ],
    ("cs", " "): [
        "Přijel 3. května do Prahy. | Pan Ing. Holm zůstal.",
    ],
    ("mix", " "): [
        "The minister said: “北京。” | Then he left.",
        "Der FBI-Chef sagte: “No comment.” | Dann ging er.",
    ],
}


@pytest.mark.parametrize(
    ("between", "marked"),
    [
        pytest.param(between, marked, id=f"{language}: {marked[:40]}")
        for (language, between), paragraphs in CASES.items()
        for marked in paragraphs
    ],
)
def test_sentences_of_a_paragraph(between: str, marked: str) -> None:
    expected = marked.split(" | ")
    text = between.join(expected)
    assert [text[start:end] for start, end in sentences(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Ludwig XIV. Bau blieb.", ["Ludwig XIV.", "Bau blieb."], id="Roman ordinals"),
        pytest.param(
            "L’on. Marsh ha detto.", ["L’on.", "Marsh ha detto."], id="abbreviations that are English words"
        ),
        pytest.param("Costs rose.1 Prices fell.", ["Costs rose.1 Prices fell."], id="footnotes"),
    ],
)
def test_what_the_rules_get_wrong_is_known(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_chinese_sentences_need_no_space() -> None:
    text = "会议昨天结束。他说：“我们同意。”双方明天再谈！"
    assert [text[start:end] for start, end in sentences(text)] == [
        "会议昨天结束。",
        "他说：“我们同意。”",
        "双方明天再谈！",
    ]


def test_headings_and_paragraphs_end_sentences() -> None:
    text = "Talks resume\n\nTalks resumed on Monday. Both sides came.\n‘A start’\nThey will meet again."
    assert [text[start:end] for start, end in sentences(text)] == [
        "Talks resume",
        "Talks resumed on Monday.",
        "Both sides came.",
        "‘A start’",
        "They will meet again.",
    ]


def test_lines_wrapped_by_hand_are_joined() -> None:
    text = "THE COUNCIL SAID ON\nMONDAY THAT TALKS\nWOULD GO ON. IT GAVE\nNO DATE.\n\nNO MORE IS\nKNOWN."
    assert [text[start:end] for start, end in sentences(text)] == [
        "THE COUNCIL SAID ON\nMONDAY THAT TALKS\nWOULD GO ON.",
        "IT GAVE\nNO DATE.",
        "NO MORE IS\nKNOWN.",
    ]


@settings(deadline=None)
@given(st.text() | st.text("aA1.!?。؟\"”') \n…-"))
def test_sentences_cover_the_text_and_never_overlap(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert text[at:start].strip() == ""
        assert text[start:end].strip() == text[start:end] != ""
        at = end
    assert text[at:].strip() == ""
