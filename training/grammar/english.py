"""English sentences of people who book journeys."""

from functools import partial
from random import Random

from training.grammar import gazetteer
from training.grammar.companies import carrier
from training.grammar.english_chatter import CHATTER
from training.grammar.english_filler import FILLER
from training.grammar.english_times import TIMES
from training.grammar.rules import Grammar, Maker

RULES = """
sentence:
    36* <request-sentence>
    8* <request-sentence> <follow-up>
    10* <wish-sentence>
    5* <wish-sentence> <follow-up>
    8* <arrive-sentence>
    5* <leave-sentence>
    5* <return-sentence>
    9* <telegram>[<end>]
    2* <form>[<end>]
    8* <answer>[<end>]
    6* <correction>[<end>]
    6* <remark>[<end>]
    4* <remark><sep><remark>[<end>]
    2* <remark><sep><remark><sep><remark>[<end>]
    3* <courtesy><sep><answer>[<end>]
    2* <courtesy><sep><remark>[<end>]
    2* <courtesy><sep><correction>[<end>]
    2* <about-me><sep><request>[<end>]
    2* <wish><sep><request>[<end>]
    3* <question>?<blank><remark>[<end>]
    2* <question>?<blank><request>[<end>]
    2* <filler><sep><request>[<end>]
    2* <request>[,] <reason>[<end>]
    2* <filler><sep><remark>[<end>]
    1* <filler-question>?<blank><remark>[<end>]
    2* <courtesy><sep><request>[<end>]
    1* <want-to> <verb> [<noun-phrase>] <sep> <request>[<end>]

follow-up:
    3* <remark>[<end>]
    2* <remark><sep><remark>[<end>]
    2* <wish>[<end>]
    1* <thanks>[<end>]
    1* <question>?
    1* <answer>[<end>]
    2* <filler>[<end>]
    1* <filler-question>?

request-sentence:
    5* [<opener>] <request><end-or-please>
    2* [<opener>] <asked>?

end-or-please:
    5* .
    4*
    2*  please
    2* , please.
    1* , thanks.
    1*  please?
    1* !
    1* ?
    1*  if possible.
    1*  asap
    1* , thank you.

opener:
    (hi|hello|hey|good morning|good evening)[,| there,| there]
    (ok|okay|well|so|now|then|alright|right|yes|yeah|no|sure|great|um|uh|hmm|oh|actually|great so|ok so|listen|look)[,]
    please
    (on second thought|also|alternatively|in that case|thanks|perfect|sounds good|not now but|by the way|first of all|I guess|well then)[,]
    (excuse me|sorry to bother you|if you don't mind|if possible|quick question)[,]
    (for my (vacation|holiday|honeymoon|business trip|next trip)|for work|for a (wedding|conference|funeral|family reunion))[,]

# --- places, companies, classes and people -----------------------------------------------------

D:
    30* <destination=place-name>
    1* the city of <destination=place-name>

P:
    30* <place_of_departure=place-name>
    1* the city of <place_of_departure=place-name>

place-name:
    40* {<place>}
    1* the {<place-with-the>}

to:
    20* to <D>
    1* into <D>
    1* towards <D>
    1* over to <D>
    1* down to <D>
    1* up to <D>

from:
    20* from <P>
    3* out of <P>
    2* (starting|departing|leaving|beginning) (from|in) <P>
    1* starting at <P>
    1* with departure from <P>

C:
    <carrier=company>

S:
    <seat_class=class>

class:
    5* {(first|business|economy) class}
    2* {premium economy}
    1* {premium economy class}
    2* {(business|economy)}
    1* {coach}
    1* {(second|standard|coach|third|tourist|premium|cabin) class}
    1* {(first-class|business-class|economy-class)}
    1* {basic economy}
    1* {(economy plus|comfort plus|economy comfort|main cabin|economy light|economy flex|premium business|premium first|business premier|standard premier|business suite)}

# Behind "in", "fly" and the like a class can do with one word.
in-class:
    8* <S>
    3* <seat_class=first-business>
    1* the <S> (section|cabin)
    1* a <seat_class=class> seat

first-business:
    3* first
    5* business
    4* economy
    2* coach
    1* premium
    1* standard
    1* second

N:
    <passengers=count>

G:
    <passengers=groups>

count:
    14* (two|three|four|five|six)
    14* (2|3|4|5|6)
    3* (one|1)
    3* (seven|eight|nine|ten|eleven|twelve)
    3* (7|8|9|10|11|12|15|20)

one:
    2* one
    1* 1

groups:
    6* <one-or-more-adults>( and |, | + | & |, plus | plus )<children>
    2* <one-or-more-adults>, <children>( and |, and |, )<babies>
    1* <one-or-more-adults> and <babies>
    1* <seniors> and <one-or-more-adults>
    1* <children> and <one-or-more-adults>
    1* <students> and <seniors>

one-or-more-adults:
    4* (two|three|four|2|3|4|5) (adults|grown-ups|grownups)
    2* (one|1|an) adult
    1* (two|three|2|3) (men|women|parents)

children:
    3* (two|three|2|3|4) (children|kids|teenagers|minors)
    3* (one|1|a) (child|kid|teenager)

babies:
    2* (one|1|an) infant
    1* (a|one|1) (baby|toddler)
    1* (two|2) (infants|babies|toddlers)

seniors:
    (two|2|three|3) (seniors|pensioners)
    (one|1|a) senior

students:
    (two|2|three|3) students
    (one|1|a) student

people:
    (people|persons|passengers|adults|travelers|travellers|guests|pax|of us|friends|grown-ups|students|children|kids|seniors|men|women|colleagues)

for-people:
    8* for <N> <people>
    4* for <N>
    3* for <G>
    1* for a (party|group|family|team) of <N>
    1* for (all|the) <N> of us
    1* for my (family|group|team) of <N>
    1* for my <N> (kids|children|sons|daughters|friends)
    1* , <N> of us
    1* , a (party|group) of <N>
    1* for (me and|myself and) <N> (friends|colleagues|kids|others)
    1* (<N> adults|<N> passengers|<G>)

# --- the thing to book --------------------------------------------------------------------------

thing:
    9* a [<adjective>] <vehicle-trip>
    4* (a|the) [<adjective>] <ticket>
    3* [<adjective>] <vehicle-trips>
    2* [the] [<adjective>] <tickets>
    4* <N> [<adjective>] (tickets|tickets|seats|places|spots|flight tickets|train tickets|bus tickets|plane tickets)
    1* <passengers=one> [<adjective>] (ticket|seat|place)
    1* a single [<adjective>] (ticket|seat)
    2* <N> <S> (tickets|seats|fares)
    2* a <S> (ticket|seat|flight|fare)
    2* [some] <S> (seats|tickets|flights|fares)
    2* a [<adjective>] <C> (flight|ticket|plane|connection|train|bus)
    2* [<adjective>] <C> (flights|tickets|fares)
    1* a <S> <C> (flight|ticket)
    1* the [<time_of_departure=clock>] <C>
    1* (a seat|seats|a place|<N> seats) on the (<C>|<time_of_departure=clock> <C>|<time_of_departure=clock>)
    1* a <C> <S> (flight|ticket|seat)
    1* <N> <S> (tickets|seats) on <C>
    2* a <time_of_departure=adjective-time> (flight|train|bus|departure)
    1* the <time_of_departure=clock> (flight|train|bus|coach|one|departure)
    1* (something|anything|the first flight|the last train|the next bus|the next flight|the last flight|the earliest flight|the cheapest thing)
    1* the (cheapest|fastest|shortest|earliest|latest) (flight|connection|train|way|route|option)
    1* (a trip|a journey|my trip|our trip|a vacation|a business trip|transportation|transport|a ride|a lift)

adjective-time:
    3* <part>
    2* <weekday>
    1* <weekday> <part>
    1* <clock>

# "One" of "one ticket" is a number of passengers, as "two" of "two tickets" is.
adjective:
    3* (one-way|one way|oneway|single)
    3* (round trip|round-trip|roundtrip|return)
    2* (direct|nonstop|non-stop)
    2* (cheap|inexpensive|affordable|cheapest|refundable|flexible|good|nice|fast|comfortable|convenient)
    1* (domestic|international|connecting|long-haul|last-minute|overnight|red-eye)

vehicle-trip:
    10* flight
    4* train
    3* bus
    1* (plane|coach|ferry|train ride|bus ride|connection|seat|night train|sleeper train|boat)

vehicle-trips:
    8* flights
    3* trains
    2* buses
    1* (planes|coaches|ferries|connections|departures|seats|fares|options|bus tickets)

ticket:
    (ticket|plane ticket|flight ticket|air ticket|train ticket|bus ticket|airfare|seat|booking|reservation|fare|rail ticket)

tickets:
    (tickets|plane tickets|flight tickets|air tickets|train tickets|bus tickets|seats|airline tickets)

# --- what is said of it -------------------------------------------------------------------------

# The time of departure, tied to leaving or to nothing.
dep:
    10* <time_of_departure=when>
    2* (leaving|departing|that leaves|which leaves|that departs|going|travelling|flying|taking off) <time_of_departure=when>
    1* with (a|the) departure <time_of_departure=when>
    1* (to leave|to depart|and leave|so as to leave) <time_of_departure=when>
    1* for <time_of_departure=moment>
    1* , <time_of_departure=when>
    1* going there <time_of_departure=when>
    1* with a (departure|travel) date of <time_of_departure=date>

arr:
    6* (arriving|landing|getting there|getting in|reaching there|that arrives|which arrives|that lands|that gets there|that gets in|due in|arrival) <time_of_arrival=when>
    3* (and|to) (arrive|get there|be there|land|get in) <time_of_arrival=when>
    2* (so that|so|such that) I (arrive|get there|am there|land|can be there) <time_of_arrival=when>
    1* (that|which) gets me there <time_of_arrival=when>
    1* with (an|the) arrival <time_of_arrival=when>
    1* , arriving <time_of_arrival=when>
    1* with an arrival (date|time) of <time_of_arrival=moment>
    1* I (must|have to|need to|want to|should) (be there|arrive|get there|land) <time_of_arrival=when>
    1* that (reaches|arrives in|lands in|gets into) <D> <time_of_arrival=when>

ret:
    6* (returning|coming back|flying back|getting back|heading back|going back|back|return|coming home|travelling back) <time_of_return=when>
    4* (and|to|then) (return|come back|fly back|get back|be back|go back|fly home|come home|head back) <time_of_return=when>
    1* and (back|back home|back again|home) <time_of_return=when>
    1* with (a|the) return [flight|trip|leg|journey] <time_of_return=when>
    1* (until|till) <time_of_return=date>
    1* with return <time_of_return=when>
    1* with a return date of <time_of_return=date>
    1* , returning <time_of_return=when>
    1* that returns <time_of_return=when>
    1* , return [on] <time_of_return=moment>

by-company:
    5* (with|on|by) <C>
    2* (flying|using|operated by|preferably with|preferably on|ideally with|run by|via the airline|through) <C>
    1* on (a|an|the) <C> (flight|plane|train|bus)
    1* on the <C>
    1* (and|but) (I want|I'd like|it should be) <C>
    1* (aboard|on board) <C>
    1* , (preferably|ideally|if possible) <C>

seated:
    7* in <in-class>
    2* <S>
    1* (flying|travelling|seated in|sitting in) <in-class>
    1* with <S> (seats|seating)
    1* , (preferably|ideally) [in] <S>
    1* and (sit in|travel in|fly) <S>
    1* with a seat in <S>

aside:
    5* (via|through|with a stop in|with a stopover in|with a layover in|changing in|connecting in|connecting through|by way of|stopping in) <place>
    2* (for|on) (a conference|a wedding|business|work|holiday|vacation|my honeymoon|pleasure|a meeting|a job interview|a funeral|a concert|a week|two weeks|three days|a long weekend|<count> (days|nights|weeks))
    2* to (visit|see|meet|surprise) (my (parents|mother|sister|grandma|friend|aunt|boss|girlfriend)|friends|family|a client|<person>)
    1* with (<count> (bags|suitcases|pieces of luggage|stops)|no luggage|my dog|a baby|wifi|at most one stop|no stops|one stop|no layover|a window seat|extra legroom|free cancellation|only hand luggage)
    2* (to <verb> <noun-phrase>|for <noun-phrase>|with <noun-phrase>|<reason>)
    1* (with|and I have) (zero|0|no|two|one) [checked] (bags|suitcases|stops|pieces of luggage|layovers)
    1* (under|for less than|for under|for up to|for about|below) <amount>
    1* (as cheaply as possible|as cheap as possible|one way|one-way|nonstop|direct|without stops|round trip|if there is one|by train|by plane|by bus|by coach|by air|by rail)
    1* with my (wife|husband|family|friends|kids|dog|boyfriend|girlfriend|boss|mother|team)

# Where the journey leads, and all else that is known of it, in any order.
trip:
    6* ~(<to>|<from>|[[<dep>]]|[[<for-people>]])
    8* ~(<to>|<from>|<dep>|[[<by-company>]]|[[<seated>]])
    6* ~(<to>|<dep>|[[<for-people>]]|[[<by-company>]]|[[<seated>]])
    4* ~(<from>|<dep>|[[<by-company>]])
    5* ~(<to>|[<by-company>]|[<seated>]|[<for-people>]|[<from>])
    3* ~(<to>|<from>|<dep>|[<for-people>]|[<by-company>]|[<seated>])
    3* <from> <to>
    4* <from> <to> <dep>
    2* <dep> <from> <to>
    3* <to> <dep>
    2* <to> <from>
    3* <to>
    2* <from>
    2* <dep>
    1* ~(<by-company>|[<dep>]|[<for-people>])
    1* ~(<seated>|[<dep>]|[<for-people>])
    1* <for-people>
    2* ~,(<to>|<from>|<dep>|[<for-people>]|[[<by-company>]]|[[<seated>]])
    4* <P> (to|to|-|-|->|–) <D>[,] [<dep>] [[<for-people>]]
    1* <P> (to|-) <D>, <time_of_departure=date> (to|-|until) <time_of_return=date>[, <N> <people>|, <G>|, <S>]
    1* <P> (to|-) <D>, <time_of_departure=moment>, returning <time_of_return=when>
    1* <P> <D>
    1* between <P> and <D> [<dep>]
    4* ~(<to>|[<from>]|<aside>|[<dep>])
    2* ~(<to>|<from>|<aside>|<by-company>)

# A journey with its ends of time, which come last lest a date be tied to both.
journey:
    12* <trip>
    3* <trip>(,|) <ret>
    2* <trip>(,|) <arr>
    2* ~(<to>|[<from>]|[[<for-people>]]) <arr>
    2* ~(<to>|[<from>]|[[<by-company>]]) <dep>(,|) <ret>
    1* ~(<to>|[<from>]) (leaving|departing) <time_of_departure=when>(,| and) (arriving|landing|getting there) <time_of_arrival=when>
    2* ~(<to>|[<from>]) (leaving|departing|going|flying out) <time_of_departure=when>(,| and) (returning|coming back|flying back|back) <time_of_return=when>
    1* ~(<to>|[<from>]) from <time_of_departure=date> (to|until|till|through) <time_of_return=date>
    1* ~(<to>|[<from>]), <time_of_departure=date> (to|-|–|until) <time_of_return=date>
    1* (leaving|departing) <P> <time_of_departure=when>(,| and) (arriving in|landing in|reaching|arriving at) <D> <time_of_arrival=when>
    1* (leaving|departing) <P> [<time_of_departure=when>] (for|to) <D>
    1* (leaving|departing|heading out) for <D> <time_of_departure=when>
    1* (leaving|departing) <P> <time_of_departure=when>
    2* (arriving in|arriving at|landing in|landing at|that arrives in|which lands in|reaching|that reaches|arriving|that gets to) <D> <time_of_arrival=when>
    1* <trip> <aside>
    1* <ret>
    1* <arr>
    1* bound for <D> [<dep>]

# --- asking for it ------------------------------------------------------------------------------

request:
    10* <find> <thing> <journey>
    4* <want-thing> <thing> <journey>
    1* <thing> <journey>
    1* <find> <thing> <journey> and <find> <something-else>

something-else:
    (a hotel|a rental car|travel insurance|a taxi|a window seat|a hotel near the airport)

find:
    6* (book|reserve|find|get|buy|order|show|search|arrange|purchase|give) [me|us]
    4* (please|pls|kindly) (book|reserve|find|get|buy|search for|look for|show me|check|arrange) [me|us]
    4* (can|could|would|will) you [please] (book|reserve|find|get|buy|search for|look for|look up|show|check|arrange|recommend) [me|us]
    2* (I want|I'd like|I would like|I need|we need|we want|I wish|we'd like|I have|I am trying|I'm going) to (book|reserve|find|get|buy|purchase|see|order|take|catch|look for)
    1* (help me|let's|let me|I'll) (book|find|get|reserve|take)
    1* (can|could|may) (I|we) (book|get|reserve|have|buy|take|see)
    1* (list|show me|tell me about|display|give me|look up|check|pull up)
    1* would you mind (booking|finding|checking|looking for)
    1* do you think you could (book|find|get me|check)

want-thing:
    3* (I need|I want|I'd like|I would like|we need|we want|we'd like|I require|gimme|I'll take|I will need|we are going to need)
    3* (I'm|I am|we're|we are) (looking for|searching for|after|interested in|in need of|shopping for|hoping for|trying to find)
    1* (looking for|need|want|searching for|wanted:|seeking|requesting)
    1* (my (boss|wife|husband|mother|friend|client)|she|he|<person>) (needs|wants|would like|is looking for)

asked:
    4* (is there|are there|do you have|have you got|got|is there any chance of|any chance of) <thing> <journey>
    2* (is there|are there) (a|any|any) <vehicle-trips> <journey>
    3* (what|which) [other|<C>] <vehicle-trips> (go|leave|run|depart|fly|are there|do you have|are available) <trip>
    2* (what|which) <vehicle-trips> (leave|depart) <P> [for <D>|to <D>] [<time_of_departure=when>]
    2* (what|which) <vehicle-trips> (arrive in|arrive at|land in|reach|get into|get to) <D> <time_of_arrival=when>
    1* which <vehicle-trip> (arrives in|gets to|lands at|reaches) <D> <time_of_arrival=when>
    2* (how much is|what does|how much are|what's the price of|what is the fare for) <thing> <journey> [cost]
    2* (when|what time) is the (next|first|last|earliest) <vehicle-trip> <trip>
    2* (when|what time|how often) (does|do|is) the (next|first|last) <vehicle-trip> (leave|depart|go) <trip>
    2* (can|could|may) (I|we) <travel> <journey>
    2* (how|what's the best way|what is the cheapest way|how long does it take) (can I|do I|to) (get|go|travel) <trip>
    5* (does|do|will|can|is) <C> (fly|go|run|have flights|operate|have a flight|serve|fly direct|flying|have seats) <trip>
    3* (does|do|will|can) <C> (fly|go|run|take me|get me) (from <P> to <D>|to <D>) [<time_of_departure=when>]
    1* (is it possible|would it be possible) to <travel> <journey>
    1* what about <thing> <journey>
    1* (any|are any) <vehicle-trips> <journey>
    1* (when|what time) (can I|could I|do I have to) (leave|depart from) <P> to (be in|get to|arrive in|reach) <D> <time_of_arrival=when>
    1* how about (flying|going|leaving|travelling) <trip>
    1* what's (leaving|departing|going) <trip>

# --- wanting to go ------------------------------------------------------------------------------

wish-sentence:
    6* [<opener>] <want-to> <travel> <journey><end-or-please>
    2* [<opener>] <subject-ing> <travelling> <journey><end-or-please>
    1* <dep-first>, <want-to> <travel> ~(<to>|[<from>]|[[<for-people>]])<end-or-please>
    1* <dep-first> <subject-ing> <travelling> ~(<to>|[<from>]|[[<by-company>]])<end-or-please>
    1* from <P>(,| ) <want-to> <travel> ~(<to>|[<dep>])<end-or-please>
    1* to <D>(,| ) <want-to> <travel> ~([<from>]|<dep>)<end-or-please>
    1* from <P> to <D>(,| ) <want-to> <travel> <dep><end-or-please>
    2* [<opener>] <want-to> (visit|see|tour) <D> [<dep>]<end-or-please>
    1* [<opener>] (take|fly|bring|get|send|put|transport) (me|us) <trip><end-or-please>
    1* [<opener>] (I'm|I am|we're) (in|at) <P> [right now|now|currently] and (need|want|have|would like) to (get|go|fly|travel) to <D> [<dep>]<end-or-please>
    1* <want-to> (fly|travel|go) <C> ~([<to>]|[<from>]|[<dep>])<end-or-please>
    1* <want-to> (fly|travel|go|sit) [in] <in-class> ~([<to>]|[<from>]|[<dep>])<end-or-please>
    2* <want-to> (take|catch|get|ride|board) [the] <C> ~([<to>]|[<from>]|[<dep>])<end-or-please>
    1* <C> (flies|goes|runs|travels|has flights) ~([<to>]|[<from>]|[<dep>])[, right|, I think|, doesn't it|, correct]<end-or-please>
    1* <want-to> (take|catch|get) (the|a) <time_of_departure=clock> (train|flight|bus|plane) [<to>] [<from>]<end-or-please>
    1* where can I (catch|take|get) (the|a) <vehicle-trip> <to>?
    1* <want-to> (go|travel|fly|get) <place_of_departure=place-name> to <D> [<dep>]<end-or-please>

dep-first:
    4* <time_of_departure=when-first>
    1* <time_of_departure=when>

when-first:
    3* on {<day>}
    1* on the {<nth>}
    4* {<relative>}
    1* in {<season>}
    1* at {<clock>}
    1* {<bound> <any-date>}

want-to:
    10* (I want|I'd like|I would like|I need|I have|I plan|I hope|I wish|I intend|I'm planning|I am planning|I'm going|I'm hoping|I am looking|I was hoping|I'd love|I'm trying|I am supposed|I decided|I've got) to
    5* (we want|we'd like|we would like|we need|we have|we plan|we're planning|we are going|we hope|we intend|we'd love) to
    3* (I|we) (must|will|should|can|wanna|gotta|may|might|'ll|'d better|'d rather|would rather|would prefer to|prefer to)
    1* (my (wife|husband|boss|friend|sister|mother) and I|the <N> of us|my family|all <N> of us) (want|would like|need|plan|have|are going) to
    1* (she|he|my (boss|son|daughter|wife|friend|colleague)|<person>) (wants|needs|has|would like|plans|is going) to
    1* (want|need|would like|looking|planning|hoping|trying|have|going|like) to
    1* (can|could) you help me
    1* (is it possible|is there a way|help me|allow me|let me know how) to
    1* (let me|let us|let's|I wanna|wanna|gonna)

travel:
    8* (fly|go|travel|get)
    2* (head|journey|take a trip|make a trip|take a flight|take a train|take a bus|take the train|catch a flight|catch a train|catch a bus|ride|move|commute|take a plane|hop on a plane)
    1* (go by train|go by bus|travel by train|go by plane|travel by coach|fly one way|fly out|travel alone|fly nonstop|drive)

subject-ing:
    4* (I'm|I am|I'll be|I will be|we're|we are|we'll be|we will be)
    1* (my wife and I are|my family is|my friend is|she's|he is|<N> of us are|the <N> of us are)
    1* (I was thinking of|we are thinking about|I'm planning on|I am considering|I prefer|how about|I'm interested in)

travelling:
    6* (flying|going|travelling|traveling|heading|headed)
    1* (taking a trip|taking the train|taking a flight|catching a flight|taking the bus|moving|flying out|relocating|making a trip|off)

# --- arriving, leaving, returning ---------------------------------------------------------------

arrive-sentence:
    8* [<opener>] [<want-to>] <arrive-at> <D> <time_of_arrival=when> [[<extra>]]<end-or-please>
    2* [<opener>] <want-to> (arrive|land|touch down|be|get in) <time_of_arrival=when> (in|at) <D> [[<extra>]]<end-or-please>
    2* [<opener>] <want-to> <arrive-at> <D> [[<from>]]<end-or-please>
    2* [<opener>] <want-to> <arrive> <time_of_arrival=when> [[<extra>]]<end-or-please>
    2* <subject-ing> (arriving in|arriving at|landing in|landing at|reaching|getting to|arriving|touching down in|getting into) <D> <time_of_arrival=when><end-or-please>
    1* <time_of_arrival=when-first>(,| ) <want-to> <arrive-at> <D><end-or-please>
    1* (my|the|our) (plane|flight|train|bus) (must|should|has to|needs to|ought to|lands|arrives|gets in|will) (land|arrive|get in|be there|) <time_of_arrival=when><end-or-please>
    1* (my|the|our) (plane|flight|train|bus) (must|should|has to|needs to|will) (land in|arrive in|get to|reach) <D> <time_of_arrival=when><end-or-please>
    2* [<opener>] <want-to> (leave|depart|depart from|leave from) <P> <time_of_departure=when> and <arrive-at> <D> <time_of_arrival=when><end-or-please>
    2* [<opener>] <want-to> (leave|depart|depart from|leave from) <P> and <arrive-at> <D> <time_of_arrival=when><end-or-please>
    1* <arrive-at> <D> <time_of_arrival=when>, (leave|leaving|depart|departing) <P> <time_of_departure=when><end-or-please>
    1* <want-to> (go|fly|travel|get) from <P> to <D> and (arrive|land|be there|get there) <time_of_arrival=when><end-or-please>
    1* (when|what time|how early) (do I have to|should I|must I) (leave|depart|leave from) <P> to (be in|get to|arrive in|reach) <D> <time_of_arrival=when>?
    1* (when I|if I|I think I will|I expect to|I'm expected to|I am due to) (arrive in|land in|get to|reach|arrive at|arrive) <D> [it (should|must|will) be] <time_of_arrival=when><end-or-please>
    1* [<opener>] <find> <thing> (to|that will|which will) <arrive-at> <D> <time_of_arrival=when><end-or-please>
    1* <time_of_arrival=when> (is when|is the time) I (have to|need to|want to) (arrive in|be in|land in|reach) <D>[<end>]
    1* [<opener>] <want-to> (spend|celebrate) <time_of_arrival=feast> (in|at) <D><end-or-please>

arrive-at:
    8* (arrive in|arrive at|arrive|arrive to)
    3* reach
    3* (get to|get into|be in|be at)
    3* (land in|land at|touch down in|make it to|show up in|turn up in|end up in|get off in|get off at|be dropped off at|check in at|get in to)

arrive:
    4* arrive
    3* (get there|be there|land|get in|arrive there|make it there|reach my destination|reach there|touch down)

extra:
    3* <from>
    1* <by-company>
    1* <seated>
    1* <for-people>
    1* <aside>

leave-sentence:
    6* [<opener>] [<want-to>] <leave-from> <P> <time_of_departure=when> [[<leave-extra>]]<end-or-please>
    3* [<opener>] <want-to> <leave> <time_of_departure=when> [[<leave-extra>]]<end-or-please>
    2* [<opener>] <want-to> <leave> <time_of_departure=when> (from|out of|in) <P><end-or-please>
    2* [<opener>] <want-to> <leave-from> <P> [[<leave-extra>]]<end-or-please>
    2* <subject-ing> (leaving|departing|leaving from|departing from|flying out of|starting from|taking off from|setting off from) <P> [<time_of_departure=when>] [[<leave-extra>]]<end-or-please>
    2* [<opener>] [<want-to>] (leave|depart|set off|set out|head out|take off|start) for <D> [<time_of_departure=when>]<end-or-please>
    2* <subject-ing> (leaving|departing|headed|heading|setting off|taking off|heading out|bound|off) (for|to) <D> [<time_of_departure=when>]<end-or-please>
    1* <subject-ing> (leaving|departing|taking off|heading out|setting off) <time_of_departure=when> (for|to) <D><end-or-please>
    2* [<opener>] [<want-to>] (leave|depart|depart from) <P> (for|to) <D> [<time_of_departure=when>]<end-or-please>
    1* <subject-ing> (leaving|departing) <P> (for|to) <D> [<time_of_departure=when>]<end-or-please>
    1* <time_of_departure=when-first>(,| ) <want-to> <leave-from> <P><end-or-please>
    1* I (can't|cannot|won't be able to|don't want to|would rather not) (leave|depart|fly|travel|start) <time_of_departure=limit><end-or-please>
    1* (the|my|our) (flight|train|bus|plane) (should|must|has to|needs to) (leave|depart|take off|go) <time_of_departure=when> [from <P>]<end-or-please>
    1* (get|take) me out of <P> [<time_of_departure=when>]<end-or-please>
    1* [<opener>] <find> <thing> (that leaves|which leaves|departing|leaving|that departs) <P> <time_of_departure=when><end-or-please>

limit:
    {(before|after|later than|earlier than) (<clock>|<any-date>)}

leave-from:
    5* leave
    3* depart
    2* (leave from|depart from|depart out of|fly out of|start from|start in|set off from|take off from|go from|fly from|get out of|board in|get on in|embark from|embark in|get on at|board at|come from|travel out of|begin in|travel from)

leave:
    (leave|depart|set off|take off|set out|head out|get going|fly out|start|go|travel|fly|get away|leave home|embark|board|be in the air|be on my way|leave here)

leave-extra:
    2* (for|to) <D>
    1* to go to <D>
    1* <by-company>
    1* <for-people>
    1* <seated>

return-sentence:
    4* [<opener>] <want-to> <come-back> <time_of_return=when><end-or-please>
    2* <subject-ing> (returning|coming back|flying back|heading back|going back|coming home|getting back|travelling back) <time_of_return=when><end-or-please>
    2* (the|my|our) (return|return flight|return trip|way back|return leg|flight back|trip back|flight home|inbound flight|journey back|return date|return journey) (is|should be|will be|must be|has to be|would be|needs to be) <time_of_return=when><end-or-please>
    1* [<opener>] <find> (a return flight|the return|my return|the flight back|a flight back|a return trip|the way back|a train back|the return ticket) <time_of_return=when><end-or-please>
    2* [<opener>] [<want-to>] (leave|depart|go|fly out|fly) <time_of_departure=when> and <come-back> <time_of_return=when><end-or-please>
    2* <subject-ing> (leaving|departing|going|flying out|flying) <time_of_departure=when> and (returning|coming back|flying back|getting back) <time_of_return=when><end-or-please>
    1* <want-to> (go back|fly back|come back|travel back|head back) to <D> <time_of_return=when><end-or-please>
    1* <want-to> (stay|be there|remain there) (until|till) <time_of_return=date><end-or-please>
    1* (and|then) (back|return|returning|coming back|home|back again) <time_of_return=when><end-or-please>
    1* (outbound|going|there|onward|outward) <time_of_departure=when>(,| and) (inbound|returning|back|return|home) <time_of_return=when><end-or-please>
    1* for the (return|way back|flight home|return trip|return flight)(,| I want| I'd prefer| please book| make it| I need) <time_of_return=when><end-or-please>
    1* <time_of_return=when-first>(,| ) <want-to> <come-back>[<end>]

come-back:
    6* (return|come back|fly back|get back|be back|go back|head back)
    1* (return|come back|be back|get back) (from|after) (my|the|our) (trip|vacation|holiday|journey|stay|visit)
    1* be back (in the office|at work|at home|in town|at school)
    2* (fly home|come home|be home|get home|return home|travel back|go home|be back home|make my way back|take the flight back|take the train back)

# --- telegrams and forms ------------------------------------------------------------------------

telegram:
    5* <P> (to|-|->|–|>) <D> [<time_of_departure=when>] [[<by-company>]] [[<seated>]]
    3* <P> to <D>(,|) <time_of_departure=moment>
    2* <P> <D> <time_of_departure=moment>
    1* <P>-<D> <time_of_departure=moment>
    1* <P>, <D>, <time_of_departure=moment>
    2* <P> to <D>, <time_of_departure=moment>(,| -| to| until) <back-or-not><time_of_return=date>
    2* ~,(from <P>|to <D>|<time_of_departure=moment>|[<N> <people>]|[<S>]|[[<C>]])
    2* ~,(<P> to <D>|<time_of_departure=moment>|[<N> <people>]|[<S>]|[<C>]|[[<G>]])
    1* <N> (tickets|seats|people|pax) <P> to <D> <time_of_departure=when>
    1* <N> <S> <P> to <D> [<time_of_departure=when>]
    1* <S> <P> to <D> [<time_of_departure=when>]
    1* <C> <P> to <D> [<time_of_departure=when>]
    2* (flight|flights|train|trains|bus|ticket|tickets|one way|one-way|round trip|return|cheap flights) <P> (to|-) <D> [<time_of_departure=when>] [[for <N>]]
    2* (flight|flights|train|trains|bus|ticket|tickets|cheap flights|one way) <to> [<time_of_departure=when>] [[for <N>]]
    1* (flight|flights|train|trains|bus|ticket|tickets) <P> <D> [<time_of_departure=when>]
    1* (flight|flights|train|trains|bus|ticket|tickets) from <P> [<time_of_departure=when>]
    1* <D> from <P> [<time_of_departure=when>]
    1* <D>(,| ) <time_of_departure=when> [for <N>|with <C>|, <S>]
    1* <D> please, <time_of_departure=when>
    1* <D>, (arriving|arrive|arrival) <time_of_arrival=when>
    1* (arriving|arrive|arrival) <time_of_arrival=when>, <D>
    1* <time_of_departure=moment>, <P> to <D>
    1* (leave|depart|leaving|departing|dep|dep.) <P> <time_of_departure=moment>, (arrive|arriving|arrive in|arr|arr.|reach) <D> <time_of_arrival=moment>
    1* (leave|depart|leaving) <P> <time_of_departure=moment>, (return|returning|back) <time_of_return=moment>
    1* out <time_of_departure=moment>(,| ) back <time_of_return=moment>
    1* <D> <time_of_departure=moment>(,| and) back <time_of_return=moment>
    1* <D>, (there|going) <time_of_departure=moment>(,| and) back <time_of_return=moment>

back-or-not:
    2*
    1* back<blank>
    1* return<blank>
    1* returning<blank>
    1* returning on<blank>

form:
    3* ~,(<form-from>|<form-to>|<form-departure>|[<form-return>]|[<form-people>]|[<form-class>]|[[<form-carrier>]])
    2* ~(<form-from>|<form-to>|[<form-departure>]|[<form-people>]|[<form-class>])
    1* ~,(<form-to>|<form-arrival>|[<form-people>]|[<form-class>]|[<form-carrier>])
    1* (<form-from>|<form-to>|<form-departure>|<form-arrival>|<form-return>|<form-people>|<form-class>|<form-carrier>)

form-from:
    (from|origin|departure city|departure airport|starting point|start|departing from|place of departure|leaving from|departure)(:|) <P>

form-to:
    (to|destination|arrival city|arriving at|going to|destination city|arrival airport|where to)(:|) <D>

form-departure:
    (departure date|date|departing|departure|depart|departure time|travel date|leave|date of travel|leaving|day of departure|outbound)(:|) <time_of_departure=moment>

form-arrival:
    (arrival|arrival date|arrival time|arriving|time of arrival|arrive by|arrive|arriving by|date of arrival)(:|) <time_of_arrival=moment>

form-return:
    (return|return date|returning|inbound|back|return on|date of return|coming back|returning on)(:|) <time_of_return=moment>

form-people:
    (passengers|travelers|travellers|number of passengers|people|pax|seats|tickets|number of tickets|party size)(:|) (<N>|<G>)
    adults(:|) <N>

form-class:
    (class|seat class|cabin|travel class|cabin class|seating|fare class)(:|) <seat_class=form-seat>

form-seat:
    {<class-word>}
    {<class-word> class}

class-word:
    (business|economy|first|premium economy|coach|standard|second)

form-carrier:
    (airline|carrier|company|operator|preferred airline|railway|bus company|airlines)(:|) <C>

# --- answers, corrections, remarks --------------------------------------------------------------

answer:
    4* <D>[(,|) please]
    2* to <D>[(,|) please]
    3* from <P>[(,|) please]
    1* out of <P>
    5* <time_of_departure=moment>[(,|) please]
    5* <time_of_departure=when>[(,|) please]
    2* (arriving|arrive|arrival|landing|getting there) <time_of_arrival=when>
    2* (returning|back|return|coming back) <time_of_return=when>
    3* <N> <people>[(,|) please]
    2* <N>[(,|) please]
    2* <G>[(,|) please]
    1* (just|only|it's just|for) <N> [<people>]
    2* [in] <S>[(,|) please]
    1* <C>[(,|) please]
    1* (with|on) <C>[(,|) please]
    2* <D> [from <P>] <time_of_departure=when>
    1* <P> and <time_of_departure=when>
    1* (it's|that would be|it would be|that's|it is|it will be|that is|let's say|say|maybe|probably|I think|make it|how about|let's do|I'd say) (<time_of_departure=when>|<D>|<N> <people>|<S>|<C>)
    1* (it's|it is) (to|for) <D>
    1* <N> (tickets|seats|places)[(,|) please]
    1* <time_of_departure=when> (works|is fine|is good|would be great|suits me|would be best|is better|is perfect|is ok) [for me|for us]
    1* any (time|day|flight) <time_of_departure=when> (works|is fine|is good|will do|)

correction:
    3* [<oops>] (I meant|I mean|I said|make it|make that|change it to|change that to|let's make it|it should be|rather) <time_of_departure=when>
    2* [<oops>] (I meant|I mean|I said|make it|make that|change it to|it should be) <D>[, not <place>]
    2* [<oops>] (from <P>(,|) (not|and not|rather than|instead of) (from |)<place>|to <D>(,|) (not|and not|rather than|instead of) (to |)<place>|<D> instead of <place>|from <P> instead of <place>|<D>, not <place>)
    1* not (from |)<place>(,| but) from <P>
    1* not (to |)<place>(,| but) to <D>
    2* (change|set|update|switch|make) (the|my) (destination|arrival city) to <D>
    2* (change|set|update|switch|make) (the|my) (departure city|origin|starting point|departure airport|place of departure) to <P>
    2* (change|set|update|move|switch|make) (the|my) (departure|departure date|departure time|date|flight|outbound flight|trip|travel date|reservation) to <time_of_departure=moment>
    2* (change|set|update|move|switch|make|push) (the|my) (return|return date|return flight|way back|inbound flight) to <time_of_return=moment>
    1* (change|set|update|move|switch) (the|my) (arrival|arrival time|arrival date) to <time_of_arrival=moment>
    2* [<oops>] (make that|make it|we are|there will be|we'll be|we need) <N> (tickets|people|passengers|of us|seats|)
    1* (change|switch|upgrade|downgrade|set) (the class|my ticket|me|us|it|the seats|my seat) to <S>
    1* (let's|let us) (do|say|go for|try|take) <time_of_departure=moment>
    1* <time_of_departure=moment> (works|is fine|is good|suits me|is better|is perfect|it is|then) [for me|for us]
    1* (change|switch) (the airline|the carrier|it|to|my flight) to <C>
    1* (can|could|may) (I|we) (leave|fly|depart|go|travel) <time_of_departure=when> instead[?]
    1* (can|could|may) (I|we) (return|come back|fly back) <time_of_return=when> instead[?]
    1* (can|could) (I|we) (leave|depart|fly|go) from <P> instead[?]
    1* (can|could) (I|we) (fly|go) to <D> instead[?]
    1* [<oops>] (I'd rather|I would rather|I prefer to|I want to|I need to) (leave|go|fly|travel|depart) <time_of_departure=when> [instead]
    1* [<oops>] <time_of_departure=moment>[, not <moment>]
    1* add <N> more (tickets|passengers|seats|people)
    1* (what|how) about <time_of_departure=when>[?]
    1* (what|how) about <D>[ instead][?]

oops:
    (sorry|no|wait|oh|actually|oops|no wait|sorry no|hold on|hmm|no no|my mistake|correction|scratch that)[,]

remark:
    1* <time_of_departure=moment> is when I (will|want to|need to|have to|'d like to) (leave|depart|go|travel|fly)
    1* <time_of_arrival=moment> is when I (will|want to|need to|have to|must) (arrive|be there|land|get there)
    1* <time_of_return=moment> is when I (will|want to|need to|have to) (return|come back|be back|fly back)
    2* <P> (would be|is|will be) (the best|my|our|the) (point of departure|departure city|departure airport|starting point|place to leave from|origin)
    1* <D> (would be|is|will be) (great|perfect|nice|the best place to go|our goal|the final stop)
    1* it (should|must|has to|needs to) be <time_of_departure=when>
    1* (it's|it is) <P> (that we start from|that I'm leaving from|I'm starting from|where we depart)
    1* (it's|it is) <D> (that I want to go to|I'm going to|we're travelling to|where I need to be)
    1* (I|we) (will|want to|'d like to|need to|plan to) (embark|board|get on|depart|start) (from|in|at) <P>
    1* <C> (or nothing|only|and no other|if you can|again please)
    4* (my|the|our) (destination|final destination|destination city|arrival airport) (is|will be|should be|would be) <D>
    2* <D> is (my destination|where I want to go|where I'm going|where we are headed|the destination|our destination|where I need to be)
    3* (my|the|our) (departure city|origin|starting point|point of departure|departure airport|origin city) (is|will be|should be|would be) <P>
    1* <P> is (my departure city|where I'm leaving from|where we start|my starting point|the origin|where I'm coming from)
    2* (I'd be|I'll be|I will be|I'm|we are|we will be) (leaving|departing|flying out|starting|coming|flying|travelling|traveling) from <P> [<time_of_departure=when>]
    2* (I'd be|I'll be|I will be|I'm|we are|we will be) (going|heading|flying|travelling|traveling) to <D> [<time_of_departure=when>]
    2* (I'll be|I will be|we are|we'll be|I'm|I'd be|I plan on|I'm thinking of) (leaving|departing|going|travelling|flying|setting off) <time_of_departure=when>
    1* (I'd|I would|we'd) (prefer|like) to (leave|depart|fly|travel) <time_of_departure=when>
    2* (the|my|our) (departure|departure date|travel date|trip|departure time|flight|date) (is|will be|should be|would be) <time_of_departure=when>
    2* (there will be|there are|we are|we're|it's|that's|there's going to be) <N> (of us|people|passengers|travelers|in our group|adults|persons|in total|in my party|)
    1* (we are|we're|there's) <N>
    2* (we are|we're|I'm booking for|it's for|I am with) a (group|family|party|team) of <N>
    2* (it's|this is|that's|the tickets are|book it) for <N> <people>
    1* (it's|this is|that's|the tickets are|book it) for <G>
    2* (I|we) (need|want|require|would like|will need) <N> (tickets|seats|places)
    1* (I need|make|book|reserve|get|buy) <N> (tickets|seats|places) [please]
    1* (the|just the|only the|all) <N> of us [are going|will travel|are flying|]
    1* <N> (people|adults|passengers|of us) (will travel|are travelling|are going|will be flying|are coming)
    2* <G> (will travel|are travelling|are going|will be flying|)
    2* (I|we) (want|prefer|would like|'d like|need|'d prefer|usually take|always fly|only fly) <S> [seats|tickets|please|if possible]
    1* (I|we) (want|prefer|would like|'d like|need|'d prefer) to (fly|sit|travel|be) (in|) <in-class>
    1* (put|seat|book|place) (me|us|everyone) in <in-class>
    1* <S> (please|is fine|would be nice|if possible|only|tickets|seats|if available|works|is ok)
    2* (I|we) (want|prefer|would like|'d like|need|'d prefer) to (fly|travel|go) (with|on|by|) <C>
    2* (I|we) (like|prefer|love|want|always fly|usually fly|only fly|trust|would go for|have miles with|am a member of) <C>
    1* <C> (please|is fine|would be nice|if possible|only|is my favorite airline|is my preferred airline|if they fly there|would be best)
    1* (preferably|ideally|if possible|only) (with|on|by|) <C>
    1* (my (airline|preferred airline|preferred carrier|carrier)|the (airline|company)) (is|should be|must be|would be) <C>
    2* (I|we) (have to|need to|must|want to|should|would like to) (be|arrive|get) there <time_of_arrival=when>
    1* (I|we) (have to|need to|must|want to|should) (be in|get to|arrive in) <D> <time_of_arrival=when>
    2* (the|my|our) (arrival|arrival time|arrival date) (is|should be|must be|will be|would be) <time_of_arrival=when>
    2* (the|my|our) (return|return date|return flight|way back|flight back) (is|should be|must be|will be|would be) <time_of_return=when>
    2* (I'll be|I will be|we are|we'll be|I'm|I'd be) (returning|coming back|flying back|getting back|heading home|heading back) <time_of_return=when>
    1* (and|then|also) (back|returning|return) <time_of_return=when>
    1* (and|then|also|plus) (leaving|departing) <time_of_departure=when>
    1* (and|then|also|plus) (arriving|landing) <time_of_arrival=when>
"""


def _ordinal(random: Random) -> str:
    day = random.randint(1, 31)
    ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{ending}"


def _numeral(random: Random) -> str:
    return str(random.randint(1, 31))


def _year(random: Random) -> str:
    return str(random.randint(2019, 2035))


def _slashed(random: Random) -> str:
    month, day = random.randint(1, 12), random.randint(1, 31)
    year = random.choice(("", "", f"/{random.randint(2019, 2035)}", f"/{random.randint(19, 35)}"))
    return random.choice((f"{month}/{day}", f"{month:02}/{day:02}", f"{day}/{month}")) + year


def _iso(random: Random) -> str:
    return f"{_year(random)}-{random.randint(1, 12):02}-{random.randint(1, 31):02}"


def _dotted(random: Random) -> str:
    day, month = random.randint(1, 31), random.randint(1, 12)
    return random.choice((f"{day}.{month}.", f"{day:02}.{month:02}.{_year(random)}"))


def _time24(random: Random) -> str:
    hour, minute = random.randint(0, 23), random.choice((0, 15, 30, 45, random.randint(0, 59)))
    return random.choice((f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour:02}{minute:02}"))


def _digits(random: Random) -> str:
    return str(random.randint(10, 10 ** random.choice((3, 4, 9))))


def _booking_code(random: Random) -> str:
    return "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=6))


def _flight_number(random: Random) -> str:
    return random.choice(("UA", "BR ", "CI", "BA ", "LH", "AF")) + str(random.randint(10, 9999))


def _email(random: Random) -> str:
    name = random.choice(("anna", "john.smith", "li.wei", "max", "info", "contact"))
    return f"{name}{random.choice(('', random.randint(1, 99)))}@example.{random.choice(('com', 'org'))}"


def _age(random: Random) -> str:
    return str(random.randint(1, 99))


MAKERS: dict[str, Maker] = {
    "place": gazetteer.english_place,
    "place-with-the": gazetteer.country_with_the,
    "company": partial(carrier, gazetteer.english_city),
    "ordinal": _ordinal,
    "numeral": _numeral,
    "year": _year,
    "slashed": _slashed,
    "iso": _iso,
    "dotted": _dotted,
    "time24": _time24,
    "digits": _digits,
    "booking-code": _booking_code,
    "flight-number": _flight_number,
    "email": _email,
    "age": _age,
    "blank": lambda _: " ",
}

COMMAS = (", ", ", ", ", ", ", ", " - ", "; ", ". ", " ")

GRAMMAR = Grammar(RULES + TIMES + CHATTER + FILLER, MAKERS, blank=" ", commas=COMMAS)
