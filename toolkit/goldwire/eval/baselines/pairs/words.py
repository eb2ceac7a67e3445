"""Words that tell what a text makes of a claim, by what they do. English; the lists are ours, short on purpose.

A name that ends with ``*`` stands for all words that begin so. Groups overlap where a word does two things.
"""

import re

GROUPS: dict[str, str] = {
    # says that the claim does not hold
    "refute": (
        "false fake* hoax* debunk* untrue bogus refut* disprov* dispro* fabricat* satir* prank* myth* mislead* wrong "
        "wrongly incorrect* inaccurat* doctored photoshop* staged rubbish* retract* contrary nonsense parod* quash* "
        "discredit* fool* joke* contradict* misreport* untruth* lie lies lied baseless unfounded invent* mistaken* "
        "mistook fiction* phony debunking erroneous* misidentif* misinform* disinform* propaganda scam* trick*"
    ),
    # somebody says that it does not hold
    "deny": "deny denies denied denying denial* dismiss* reject* disput* rebut* rebuff* disavow* disown* refus*",
    # leaves open whether it holds
    "doubt": (
        "alleged* allegation* alleges reported reportedly rumor* rumour* unconfirmed unverified purported* supposed* "
        "apparent* possibl* perhaps maybe may might could would speculat* believed unclear unknown appear* seem* "
        "likely unlikely whether if suggest* question* doubt* skeptic* sceptic* suspect* potential* presum* "
        "uncorroborated verify verif* authenticity independently"
    ),
    "claim": "claim claims claimed claiming",
    "rumour": "rumor* rumour* speculat* gossip* whisper*",
    "alleged": "alleged* allegation* alleges reportedly purported* supposed* apparently",
    # says who says it
    "report": (
        "said says say saying told tell tells according report reports reporting reported state states stated "
        "statement* announc* tweet* wrote writes quot* cite* citing source sources spokes* insist* add added adds "
        "explain* describ* warn* argu*"
    ),
    "medium": (
        "media newspaper* outlet* website* site blog* facebook twitter post posted posts tabloid* channel agency "
        "viral internet online video* footage photo* image* social"
    ),
    "source": "source sources insider* anonymous* unnamed unidentified eyewitness* witness* resident* local locals",
    # says that it holds
    "confirm": (
        "confirm* verified official officially officials announc* reveal* proof prove* evidence identif* admit* "
        "acknowledg* authentic* indeed fact facts truth true real really genuine legitimate actual actually"
    ),
    "confirm only": "confirm confirms confirmed confirming confirmation",
    "authority": (
        "police officer* government minist* president* spokes* authorit* military army department court judge "
        "doctor* scientist* expert* professor* research* investigat* company"
    ),
    # turns a statement around
    "negation": "not no never none nothing nobody neither nor cannot without hardly unable fail* t",
    "contrast": "but however although though despite yet instead while nevertheless still rather",
    "correction": "update* correct* clarif* editor earlier previously originally initially later since",
    "modal": "may might could would should will can must",
    "future": "will would plan* set expect* soon upcoming",
    "self": "i we my our me us",
    "you": "you your",
}


def matcher(group: str) -> re.Pattern[str]:
    """Return a pattern that finds one whole word of a group in lower-case words."""
    parts = (re.escape(name[:-1]) + r"\w*" if name.endswith("*") else re.escape(name) for name in group.split())
    return re.compile(rf"(?:{'|'.join(parts)})\Z")
