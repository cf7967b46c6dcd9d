"""Short names and the names that they stand for, where both are usual."""

from __future__ import annotations

from collections.abc import Mapping

_OF = """
abigail: abby gail | agnes: aggie nessie | albert: al bert bertie
alexander: alex alec sandy sasha xander lex | alexandra: alex sandra sasha lexi | alfred: al alf fred alfie
alice: ali | amanda: mandy | andrew: andy drew | angela: angie | ann: annie nan nancy | anthony: tony ant
antonio: tonio toni | arthur: art artie | barbara: barb babs bobbie | beatrice: bea trixie
benjamin: ben benny benji | bernard: bernie | bradley: brad | caroline: carrie caro lina
catherine: cathy cat kate katie cath kitty | charles: charlie chuck chas chaz
charlotte: lottie charlie lotte | christian: chris | christina: chris tina christie
christine: chris chrissie tina | christopher: chris kit topher | clifford: cliff | cynthia: cindy
daniel: dan danny | danielle: dani | david: dave davy | deborah: deb debbie debby | dennis: den denny
dominic: dom nick | donald: don donnie | dorothy: dot dottie dolly | douglas: doug | edmund: ed eddie ned
edward: ed eddie ted teddy ned | edwin: ed eddie | eleanor: ellie nell nora
elisabeth: lisa betty elsa lisbeth lise else
elizabeth: liz lizzie beth betty eliza libby lisa elsie bess bette | emily: em emmy millie | emma: em emmy
ernest: ernie | eugene: gene | evelyn: eve evie | florence: flo florrie | frances: fran frankie fanny
francis: frank fran | francisco: paco pancho | franklin: frank | frederick: fred freddie | gabriel: gabe
gabriella: gabby | geoffrey: geoff jeff | gerald: gerry jerry | gilbert: gil bert | giovanni: gianni
giuseppe: beppe peppe | gregory: greg | guillermo: memo | gustav: gus | hannah: hanna | harold: harry hal
harriet: hattie | helen: nell nellie | henry: harry hank hal | herbert: herb bert | ignacio: nacho
irene: rene | isabella: bella izzy isa | isabel: bella izzy isa | jacob: jake jay | jacqueline: jackie jacqui
james: jim jimmy jamie jem | jane: janie jenny | janet: jan | jeffrey: jeff | jennifer: jen jenny jenn
jeremy: jerry jem | jerome: jerry | jessica: jess jessie | joan: joanie | joanne: jo joanna
johannes: hans jan hannes | john: jack johnny jon | jonathan: jon jonny nathan | jose: pepe
joseph: joe joey jo sepp | josephine: jo josie | joshua: josh | judith: judy judi | julia: jules julie
katharina: kathi katja kati | katherine: kate kathy katie kat kitty | kathleen: kathy kate
kathryn: kathy kate katie | kenneth: ken kenny | kimberly: kim | lawrence: larry laurie
leonard: leo len lenny | leonardo: leo | lillian: lily lil | louis: lou louie | louise: lou | lucille: lucy
luis: lucho | madeleine: maddie | magdalena: lena magda | marcus: mark
margaret: maggie meg peggy marge greta peg margie | margarete: grete greta gretel | maria: mia marie
martin: marty | mary: molly polly mamie may | matthew: matt matty | matthias: matt hias | maximilian: max
maxwell: max | megan: meg | melissa: mel missy | michael: mike mick mickey mitch micky | michelle: shelly mich
mildred: millie | mitchell: mitch | nancy: nan | natalie: nat | nathan: nate nat | nathaniel: nate nat
nicholas: nick nicky nico | nicole: nicky nikki | oliver: ollie | olivia: liv livvy | oscar: ozzie
pamela: pam | patricia: pat patty trish tricia | patrick: pat paddy rick | paul: paulie | penelope: penny
peter: pete | philip: phil pip | phillip: phil pip | priscilla: cilla | rachel: rach | ralph: ralphie
raymond: ray | rebecca: becky becca | reginald: reg reggie | richard: rick dick rich richie ricky
robert: bob rob bobby robbie bert | roberta: bobbie | roberto: beto | ronald: ron ronnie
rosemary: rose rosie | rudolf: rudi | russell: russ | samantha: sam sammy | samuel: sam sammy | sandra: sandy
sarah: sally sadie | sebastian: seb bastian basti | sharon: shari | sophia: sophie | stanley: stan
stephanie: steph steffi | stephen: steve stevie | steven: steve stevie | stuart: stu | susan: sue susie suzy
suzanne: sue suzy | sylvester: sly | teresa: terry tess | thaddeus: tad | theodore: ted theo teddy
theresa: terry tess | thomas: tom tommy | timothy: tim timmy | tobias: toby tobi | ulrich: uli ulli
valerie: val | vanessa: nessa | veronica: ronnie vero | victor: vic | victoria: vicky vicki tori
vincent: vince vinnie | virginia: ginny ginger | walter: walt wally | wilhelm: willi willy
william: bill will billy willie liam | winifred: winnie | wolfgang: wolf | zachary: zach zack
"""


def _read() -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for entry in _OF.replace("\n", "|").split("|"):
        name, _, shorts = entry.partition(":")
        for short in shorts.split():
            found.setdefault(short, set()).add(name.strip())
    return {short: frozenset(names) for short, names in found.items()}


LONG: Mapping[str, frozenset[str]] = _read()
"""Short name -> the names that it stands for."""


def same_name(one: str, other: str) -> bool:
    """True where one stands for the other, or both for a third."""
    ones, others = LONG.get(one, _NONE), LONG.get(other, _NONE)
    return other in ones or one in others or not ones.isdisjoint(others)


_NONE: frozenset[str] = frozenset()
