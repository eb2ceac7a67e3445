"""Abbreviations with a full stop that need not end a sentence, of eight languages.

One list serves all languages, since the language of a quotation or a name is unknown. An abbreviation that is also
a common last word of a sentence in one of the languages is left out ("on.", "par.") or needs a number after it.
All are in lower case, without the last full stop.
"""

# Something always follows: titles before names, and words like "z. B.".
BEFORE_NAME = frozenset(
    # English
    "adm atty brig capt cmdr col cpl dr fr ft gen gov hon insp lt maj messrs mme mr mrs ms mt mtn pfc pres prof pvt "
    "rep reps rev sen sens sgt st ste supt univ viz approx "
    # German
    "abs bspw bzgl bzw dipl evtl frhr ggf hl hrsg ing inkl kath ev lic med mag mio mrd phil sog urspr vgl zzgl "
    # French
    "mgr mlle mlles mmes mm pr cf av bd boul env ndlr "
    # Spanish and Portuguese
    "dra dras dña excmo exmo exma fdo ilmo gral lcdo licda ma mons ee sra sras sres srta avda pza rua eng enga "
    # Italian
    "sig sigg sig.ra sig.na dott dott.ssa prof.ssa avv arch geom cav comm mons ten "
    # Dutch
    "dhr mevr mej drs ir ds mr.drs bijv nl resp vgl zgn "
    # Russian
    "ул просп пер наб акад проф доц инж тов гр св им ген полк напр см ср руб тыс млн млрд трлн "
    # Turkish, Polish, Czech, Hindi
    "doç sn np tzn tzw ks doc डॉ".split()
)
# They end no sentence when a number follows.
BEFORE_NUMBER = frozenset(
    "art arts ca circa cap ch est fig figs ft lat max min no nos n° nr núm num nº n p pp pag pág págs para sec tel "
    "tél vol abs str ziff zif bl jg hr hrs ok кв д стр ст гл рис тел".split()
)
# They may end a sentence: they do when a word follows that begins sentences and hardly ever names.
EITHER = frozenset(
    "ala ariz ark bros calif co colo conn corp dept etc fla inc jr ltd mass mich minn sr tenn tex va vs wash wis "
    "jan feb mar apr jun jul aug sep sept oct nov dec dez okt usw ff ecc uu vda cía cia ltda enz cie st.e т.д т.п г "
    "гг в вв".split()
)
# Parts of such an abbreviation stand apart or together; nothing ends here whatever follows.
PHRASES = (
    r"(?:z\. ?b|d\. ?h|u\. ?a|u\. ?ä|i\. ?d\. ?r|z\. ?z|z\. ?t|e\.g|i\.e|p\. ?ej|o\.a|d\.w\.z|m\.a\.w|т\. ?е|ee)"
)
# Words that begin sentences.
STARTERS = frozenset(
    "a after all although an and another any as at because before both but by did do does during each even every "
    "few for from he her here his how however if in instead is it its last later many meanwhile more most no nobody "
    "none nor not nothing now on once one only or other others our police several she since so some still such than "
    "that the their then there these they this those though through thus to today under until was we were what when "
    "where whether which while who whose why will with yet you your aber alle als am auch auf bei beim da dann "
    "danach das dass dem den der des deshalb die dies diese dieser doch ein eine einer er es für heute hier ihr im "
    "ist jedoch man mit nach nun nur ob ohne seit sein seine sich sie sind so trotzdem um und unter viele vom von "
    "vor während was wenn wer wie wir zu zudem zum zur zwar über alors après au aucun aucune aujourd aussi avant "
    "avec ce ces cet cette ceux chaque comme dans depuis des elle elles en enfin entre et il ils je la le les leur "
    "leurs lors lui mais ne nous on ou où par pendant personne peu pour pourtant puis quand que quelques qui sa "
    "sans ses si son sous sur toutefois tous un une vers vous además al algunos ante antes aquí así aunque cada "
    "como con contra cuando de del desde después donde durante el ella ellas ellos entonces era eran ese esta este "
    "estos fue hasta hay hoy las lo los muchos más nadie ni ninguno no nos otra otro para pero por porque según ser "
    "sin sobre su sus también tras una unos y ya alla anche ancora che ci con così da dal dalla dei della di dopo "
    "dove è gli ha hanno i invece lei loro lui ma mentre molti nel nella nessuno noi non ogni per perché però più "
    "poi quando quella quello questa questo se sono tra tutti uno a ao aos apesar até cada com como da das depois "
    "dois do dos e ela elas ele eles em enquanto essa esse está ninguém na nas no nos não o os outra outro para "
    "pela pelo porque quando quem são se sem segundo seu sua também um uma aan alleen als bij daar daarna dat de "
    "deze die dit door een er geen het hij hoe hun iedereen ik in is maar men met na naar nadat niemand niet nog nu "
    "of om omdat onder ons ook op over sinds te tot uit van veel voor waar want wat we wie zij ze zo а без более "
    "были был была было в вот все всё всего вы где для до его ее её если есть еще ещё же за и из или их к как когда "
    "кто мы на надо не нет но о об однако он она они оно от по позже после потом поэтому при с сегодня сейчас так "
    "также там теперь то только тогда у уже что чтобы эта эти это этот я".split()
)
# What follows an ordinal written as a number with a full stop ("am 3. Mai", "im 19. Jahrhundert").
AFTER_ORDINAL = frozenset(
    "januar jänner februar märz april mai juni juli august september oktober november dezember jahrhundert "
    "jahrhunderts jahrtausend bundesliga liga lebensjahr platz mal klasse runde spieltag geburtstag jahrestag "
    "weltkrieg weltkriegs stock stockwerk kapitel auflage fc sc sv tag etappe minute armee division bezirk ocak "
    "şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık".split()
)
# German words that stand before an ordinal and end no sentence before a number in another language.
BEFORE_ORDINAL = frozenset("im der vom zum zur des dem den beim das".split())
# What follows a time of day in the same sentence ("5 p.m. Friday").
AFTER_TIME = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december eastern central mountain pacific gmt utc est edt et cst cdt ct mst mdt mt "
    "pst pdt pt bst cet cest local".split()
)
