"""Rules for what people say beside a booking, and fills nothing."""

CHATTER = """
nothing:
    5* <courtesy>[<end>]
    4* <courtesy><sep><courtesy>[<end>]
    7* <question>?
    3* [<opener>] <question>?
    3* <courtesy><sep><question>?
    2* <question>?<blank><question>?
    6* <wish>[<end>]
    3* <courtesy><sep><wish>[<end>]
    8* <errand>[<end>]
    2* <courtesy><sep><errand>[<end>]
    7* <elsewhere>[<end>]
    4* <about-me>[<end>]
    8* <filler>[<end>]
    6* <filler-question>?
    3* <courtesy><sep><filler>[<end>]
    3* <courtesy><sep><filler-question>?
    2* <filler>[,] <reason>[<end>]
    1* <question>?<blank><filler-question>?
    1* <filler><sep><question>?
    3* <about-me><sep><question>?
    4* <vague-request>[<end>]
    2* <courtesy><sep><vague-request>[<end>]
    2* <vague-request><sep><wish>[<end>]
    1* <noise-words>

end:
    3* .
    1* !

sep:
    7* .<blank>
    4* ,<blank>
    1* <blank>and<blank>
    1* !<blank>
    1* <blank>
    1* ;<blank>
    1* <blank>-<blank>

courtesy:
    4* <greeting>
    4* <thanks>
    5* <yes>
    4* <no>
    3* <praise>
    2* <farewell>
    1* <apology>

greeting:
    (hi|hello|hey|good morning|good afternoon|good evening|greetings|howdy|hiya|yo) [there|again|everyone|<person>]
    hello, (my name is|this is|I'm|I am) <person>
    how are you [doing] [today]
    nice to meet you
    is anybody there
    what's up
    (hey|hi|hello) (I need|I could use) (a hand|some help|help)

thanks:
    (thanks|thank you|many thanks|cheers|thx|ty) [so much|a lot|very much|a million|again]
    (thanks|thank you) for (your help|the help|everything|the information|your time|checking|that)
    I (appreciate it|really appreciate your help|am grateful)
    that's (very|so|really) (kind|nice|helpful) of you

yes:
    (yes|yeah|yep|sure|ok|okay|right|correct|fine|great|perfect|alright|absolutely|of course|exactly)
    (yes|yeah|ok|okay|sure)[,] (please|go ahead|do it|that's right|that works|book it|that one|it is|why not)
    (that|this|it) (works|sounds good|looks good|sounds great|is fine|is perfect|is right|will do|suits me) [for me|for us]
    I (agree|confirm|like it|like that one|will take it|'ll take that one)
    (I'll take|give me|book|let's go with|I choose|I prefer) the (first|second|third|last|cheapest|other|earlier|later) (one|option)
    (go ahead|carry on|please do|please proceed|continue|do that|book it|reserve it|let's do it) [please|now]
    (option|number|choice) (one|two|three|1|2|3|4) [please]
    [yes,|ok,|perfect,|great,] (book|reserve|buy|take|get) (this|that|this|it|the first) [one|flight|train|bus|ticket] [please|now|for me|right now]
    (this|that) (one|flight|train|bus|ticket|time|option) (is fine|works|looks good|is perfect|will do|sounds right)

no:
    (no|nope|nah|not really|not now|not yet|never mind|nevermind|forget it|stop|cancel)
    (no|nope)[,] (thanks|thank you|that's all|that is all|that's it|nothing else|I'm good|I changed my mind|not that one)
    (that's|that is|that will be|that would be) (all|it|everything) [I need] [for now|for today|thanks|thank you]
    I (don't|do not) (need|want) (anything else|any more help|it|that|this one|that flight)
    (cancel|drop|undo|discard) (it|that|the booking|my reservation|everything) [please]
    (that's|it's|this is) (too late|too early|too expensive|not what I want|wrong|not right|a mistake|too long)
    I (don't know|am not sure|can't say|have no idea|am still thinking|need to think about it|don't mind|don't care) [yet]
    (not right now|not at this moment|not this time|I don't need anything else right now|maybe another day|some other time|not today|on second thought[,] no)
    (none of them|neither|either|both|any of them|whichever|whatever) [is fine|works]

praise:
    (great|awesome|excellent|wonderful|amazing|cool|nice|lovely|super|fantastic|brilliant|perfect|good) [job|work|choice|price|news|deal|idea]
    you (are|'ve been) (great|awesome|very helpful|the best|a star)
    (that's|what) (great news|a good price|a great deal|a bargain|a shame|a pity)

farewell:
    (bye|goodbye|see you|see you later|talk to you later|good night|take care|so long) [then|now]
    have a (nice|good|great|lovely) (day|evening|weekend|one|trip|flight)

apology:
    (sorry|excuse me|pardon|pardon me|I beg your pardon|apologies|my bad|oops)
    (sorry|excuse me)[,] (I didn't get that|I misspoke|could you repeat that|can you say that again|what did you say)
    (just a|one|give me a) (moment|second|minute|sec) [please]
    (let me|I have to|I need to) (think|check|ask my (wife|husband|boss|mom|partner)|look at my calendar) [first]

question:
    (how much|what) (does it cost|is it|is the price|is the fare|would that be|is the total|will it cost) [in total|altogether|per person|in <currency>]
    (how many|how much) (bags|bag|suitcases|luggage|hand luggage|liquids) (can|may|am I allowed to|do I get to) (I take|take|bring|check in|carry) [with me]
    what('s| is) the (baggage allowance|weight limit|cancellation policy|refund policy|price difference|dress code|fare|total|booking reference|gate number|wifi password)
    (is|are) (there|the) (wifi|wi-fi|meals|food|power outlets|lounge access|breakfast|a meal|entertainment|legroom) [included|on board|available]
    (can|could|may) I (get a refund|cancel|change it later|change my seat|choose my seat|bring my (<noun>|dog|cat|bike|guitar|skis)|pay (cash|by card|with PayPal|in instalments)|have the receipt|upgrade later|see the menu|have a window seat|check in online)
    (is|are) (it|the ticket|the tickets|this fare|they) (refundable|exchangeable|still available|direct|nonstop|on time|delayed|sold out|cheaper|the cheapest|flexible)
    (how long|how far) (is it|does it take|is the flight|is the ride|is the layover|is the trip|do we stop)
    (where|how) (do|can|should) I (check in|pick up my ticket|find the gate|drop my bags|get the boarding pass|pay|collect my miles|change planes|park my car)
    (what|which) (time|terminal|gate|platform|station|airport|day) (does|do|is|should|will) (it leave|it arrive|it land|it depart|we board|boarding start|I be there|the gate close|we leave|we get there|check-in open|it go from|it leave from)
    (does|will|would) (it|this|the flight|the train|this flight|the bus) (arrive|land|get there|be there|come|leave) (the same day|the day after|the next day|the following day|on the day after|on time|late|early|at night) [it departs]
    (how many|are there|are) (zero|0|one|more than one|any) (stops|transfers|layovers|checked bags|bags|changes|seats) [allowed|left|included]
    (which|what) (bus station|station|airport|terminal|city|train station|stop) (will|do|does|should|would|is|am) (I|we|it|the bus|the train|this flight) (leave from|leaving from|arrive at|arriving at|go to|travel between|get off at|depart from|be leaving from|start from|headed to)
    (what's|what is) the (origin|destination|departure|arrival) (airport|station|time|city|date)
    when (does|will|do|is) (it arrive|it leave|the flight leave|the flight land|the train arrive|we land|boarding|the bus get there|I get there|the return flight arrive)
    (do|does|did) (you|it|they) (have anything cheaper|have other options|serve (food|alcohol|drinks)|stop anywhere|accept dogs|have wifi|offer discounts|speak <language>|have a toilet|require a visa|have student discounts)
    (what|any) other (options|flights|times|ideas|airlines|dates|buses|choices) (are there|do you have|available)
    (do|can|will|could) (you|I|they) (accept|take|pay with|use) (American Express|Visa|Mastercard|PayPal|Apple Pay|credit cards|cash|Diners Club|bank transfer|gift cards|my voucher|vouchers|miles)
    (who|what) are you
    who (founded|runs|owns|made|invented) (you|your company|this app|this service)
    (which|what) (airline|company|carrier|bus company) (is it|is this|is that|operates it|runs this train|do I fly with)
    are you a (robot|human|bot|machine|real person)
    (can|could|would) you (help me|repeat that|speak slower|say that again|email me the details|send me the receipt|call me back|put me through to a human|connect me to an agent|recommend something|explain that|show me more|sort them by price)
    do I need a (visa|passport|vaccination|printed ticket|transit visa|covid test)
    how (old|tall|rich|clever) are you
    how many (stops|transfers|layovers|changes|seats are left|miles do I get|connections) [are there|does it have]
    what (about|if) (a refund|my luggage|the weather is bad|I miss my connection|it is delayed|I'm late|the price|the other one|insurance)
    (is|was) (my|the) (booking|reservation|flight|train|ticket|payment) (confirmed|cancelled|delayed|booked|on time|ok)
    what is the (status|number) of (my|the) (flight|train|order|booking) [<flight-number>]
    does (the|this|that) (flight|train|bus|ticket|price) (include|have|come with) (a meal|taxes|baggage|wifi|a seat|insurance|air conditioning)
    (which|what) (seat|row) (do I have|is mine|am I in)

wish:
    I (want|need|would like|'d like|prefer|'d prefer) (a window seat|an aisle seat|a seat by the window|extra legroom|the cheapest one|a vegetarian meal|a quiet carriage|something cheaper|a refund|a receipt|a direct one|the fastest one|a wheelchair|a vegan meal|a seat in row <count>|to sit (together|at the front|near the exit|in row <count>)) [please|if possible]
    I (have|'ve got) (zero|0|no|two|one) [checked] (bags|bag|suitcases|pieces of luggage) [to check in|that need to be checked|to check]
    (zero|0|no|two|one) [checked] (bags|bag|suitcases|luggage) [to check in|please]
    I (have|'ve got|am taking|will bring|carry) (<count> (bags|suitcases|pieces of luggage|bikes|boxes)|a dog|a cat|a guitar|a surfboard|one bag|only hand luggage|no luggage|no bags|a lot of luggage|a stroller) [to check in|with me]
    (my budget is|I can pay up to|not more than|at most|under|less than|for less than|I have) (<amount>)
    (no|without|with) (stops|stopovers|layovers|wifi|luggage|meals|insurance|hidden fees) [please]
    (at most|no more than|maximum|max) (one|two|1|2) (stop|stops|change|changes|layover|transfers)
    (one way|one-way|round trip|roundtrip|return|single|direct|nonstop|non-stop) [only|please|is fine|if possible]
    (the cheapest|the fastest|the shortest|the most comfortable|a refundable|a flexible) (option|ticket|fare|one|route) [please]
    (please send|send|email|text) (it|them|the ticket|the details|the confirmation) to (<email>|my phone|my wife|my office)
    (pay|charge it|put it) (with|to|on) my (visa|card|mastercard|account|company card) [ending in <digits>]
    I'll (pay|call you back|think about it|decide later|wait|be in touch|let you know)
    (anything|any time|any day|any airline|whatever|no preference) (works|is fine|will do|is ok) [for me|with me]
    as (soon|early|late|cheap|quick) as possible [please]

vague-request:
    (I want|I'd like|I would like|I need|I'm trying|I am hoping|I have) to (book|find|buy|reserve|get|change|cancel|look for|search for|see) (a flight|some flights|a ticket|tickets|a trip|a bus|a train|a bus ticket|a one way flight|a one-way ticket|a round trip|a seat|my booking|my reservation|my flight|my ticket|another flight|a different one|something else) [please|soon|online]
    (can|could|will|would) you [please] (book|find|reserve|search for|look up|show me|get me) (a flight|some flights|flights|buses|trains|a one-way flight|one way flights|round trip flights|a ticket|something else|another one|a different train|the tickets|other options|the details) [for me] [please|?]
    I (am|'m) (planning|going on|thinking about|dreaming of) (a trip|a vacation|a holiday|a journey|a business trip|a honeymoon) [soon|with my family|with friends|abroad]
    (find|show|search|book|list|see) (flights|a flight|trains|buses|tickets|more options|another flight|more|all flights)
    I (want|need) (to travel|to go somewhere|a vacation|a break|to get away|to fly|to see the world) [soon|badly|somewhere warm|by train|by bus|by plane]
    (find|search for|show me|try) (something else|another one|other flights|cheaper flights|a different airline|different dates)
    (the|my) (dates|times|plans|days) (are flexible|may change|don't matter|are fixed|are not fixed yet)
    I'm travelling (alone|with my family|with friends|for work|on business|for pleasure|with a baby|by myself)

errand:
    2* (I|we) (need|want|would like) (a|the) (rental car|car|hotel|room|taxi|cab|standard car|compact car) [in <place>|there] (for|from|on|starting|starting on|until|by) <date> [(till|to|until) <date>]
    (find|book|get|rent|reserve|can you find|could you get|will you find|please find) [me] (a|some) (rental car|car to rent|car|compact car|medium-sized rental car|hotel room|hostel|parking spot|babysitter|doctor|house) [there] [(in|near|from) <place>] [<when>|from <date>|(for|starting) <date>|to be picked up <when>|for (two|three|<count>) nights]
    (a table|table|dinner|lunch|reservation) for <count> (at <clock>|<when>) [please|outside]
    (is|will) (the|my|our) (room|car|table|parcel|order|office) be ready <when>
    (will|can|could) you (call|wake|remind|text) me <when> [please]
    (remind me|tell me|don't let me forget) to (<task>) [<when>]
    (set|make|cancel|snooze) (an|the|my) (alarm|timer|reminder) [(for|at) <clock>]
    wake me [up] at <clock>
    (book|reserve|get|find) [me] a table for <count> [people] [at <clock>|<when>] [at an Italian restaurant|downtown|in the city centre|outside]
    (book|find|reserve|I need) [me] a (hotel|room|hotel room|hostel|double room|single room|suite|rental car|taxi|doctor's appointment|haircut) [in <place>] [for <count> nights|<when>|with breakfast|with wifi|near the airport]
    (play|put on|stop|pause) (some music|a song|the next song|something by <person>|some jazz|the radio|my playlist|a podcast)
    (turn|switch) (on|off|up|down) the (lights|tv|heating|volume|radio|light in the kitchen|air conditioning)
    (call|text|email|phone) (<person>|my mother|mom|my boss|the office|a taxi|the police) [<when>]
    (add|put) (milk|eggs|bread|coffee|<count> apples) (to|on) my shopping list
    (translate|how do you say|how do I say) (good morning|thank you|where is the station|cheese) (in|into|to) <language>
    (show|tell|read) me (a joke|the news|my messages|my calendar|a story|the time|the stock price)
    I have (a meeting|an appointment|a dentist appointment|a call|dinner|lunch) (with <person>|at <clock>|<when>)
    (move|schedule|cancel|postpone) (the|my) (meeting|call|lunch|appointment) [with <person>] [to <clock>|<when>]
    (buy|get|find) (movie|cinema|concert|theater) tickets for (tonight|<person>|the show|the <clock> show)

task:
    (buy milk|call mom|water the plants|take my pills|pay the rent|pack my bag|renew my passport|feed the cat|do the laundry)

elsewhere:
    (what's|what is|how's|how is) the (weather|temperature|forecast|traffic|food|nightlife|time|air quality) [like] in <place> [<when>|right now]
    (is it|will it be|will it|does it) (raining|cold|hot|sunny|snow|rain|warm|windy) in <place> [<when>]
    what time is it in <place> [now]
    (who is|who was|what is) the (president|mayor|capital|king|queen|prime minister|population|currency|language) of <place>
    (tell me|I'd like to know|do you know anything|what can you tell me) (about|more about) <place>
    (my|his|our) (sister|brother|aunt|friend|boss|grandmother|cousin|daughter|son|family) (lives|works|studies|was born|grew up|got married) in <place>
    I (was|was born|grew up|used to live|live|work|studied|lost my passport|met my wife) in <place> [in <year>]
    (how many people|who|how many students) (live|lives|study|work) in <place>
    <place> is (beautiful|nice|too hot|my favorite city|a great city|so expensive|lovely|crowded|far away|boring)
    I (love|like|hate|miss|adore|dream about) <place>
    (is|was) <place> (safe|expensive|nice|big|worth a visit|far away|famous)
    what (can I see|should I see|is there to do|are the sights|are good restaurants|museums are there) in <place>
    what (are|were) the news (from|about|in) <place>
    (have you ever been|we have never been|I have been|last year we went|I went) to <place> [(last|this) (year|week|month)|before|twice|in <year>]
    the (hotel|restaurant|museum|conference|office|concert|beach|hospital) in <place> (was great|is closed|is expensive|is full|was awful)
    (find|show me|recommend|search for) (a|some|good) (restaurant|restaurants|hotels|bars|museums|events|things to do) in <place> [<when>]
    my (passport|visa|birthday|ticket|card|membership|lease) (is valid until|expires on|is on|runs out in|ends in) <date>
    (I was born|she was born|we got married|he died|it was founded) (on|in) <date>
    (today|tomorrow|<weekday>|<month> <ordinal>) is (my birthday|a holiday|our anniversary|too early|a busy day)
    the (bank|shop|office|museum|store) (opens|closes) at <clock>
    (who won|did you see|what was the score of) the (game|match|race) (last night|yesterday|on <weekday>)

about-me:
    (my name is|I'm|I am|call me|this is|it's|the name is) <person> [and I need (help|assistance)|speaking|here]
    (my|the) (phone number|booking number|confirmation code|passport number|zip code|frequent flyer number|card number) is (<digits>|<booking-code>)
    my email [address] is <email>
    I am <age> years old
    I'm (a vegetarian|a student|a senior|pregnant|tired|in a hurry|bored|hungry|allergic to nuts|disabled|in a wheelchair|a gold member|diabetic)
    (my wife|my husband|my son|my daughter|he|she) is <age> [years old] [and (needs a wheelchair|gets airsick|is afraid of flying)]
    I (weigh|have lost|spent|earned|owe you) <count> (kilos|pounds|dollars)
    I (have|need) to (be at work|see a doctor|hurry|meet <person>|renew my passport|give a talk|eat something|charge my phone)
    (there is|I have|we have) (a problem|an issue|something wrong) with (my booking|the payment|the app|your website|my seat|my ticket)
    I (missed|lost|forgot|can't find|already have) my (flight|ticket|boarding pass|password|bag|connection|reservation number)

noise-words:
    (hmm|um|uh|er|well|lol|haha|wow|oh|ah|test|testing|asdf|blah blah|ok so)
    (what|why|who|how|huh|really|seriously|again|next|back|more|less|help|menu|start|restart|quit|done)

person:
    (Charlotte|Austin|Sydney|Paris|Florence|Jordan|Chelsea|Georgia|Brooklyn|Phoenix|Dallas|London|Kingston|Savannah|Lincoln) [<family-name>]
    (April|May|June|August|Summer|Autumn|Mark|John|Mary|Anna|Peter|Li|Wei|Ahmed|Fatima|Carlos|Maria|Ivan|Olga|Kenji|Yuki|Priya|Raj|Tom|Emma|Lucas|Sophie|Max|Nina|Omar) [<family-name>]
    (Mr|Mrs|Ms|Dr|Mr.|Mrs.|Dr.) <family-name>

family-name:
    (Smith|Jones|Taylor|Chen|Wang|Lee|Kim|Garcia|Müller|Schmidt|Rossi|Dubois|Ivanov|Tanaka|Singh|Khan|Washington|Houston|Jackson|Berlin|Milan|Hamilton|Wellington|Monday|March|Day|Winter|Bird|Brown|Novak|Silva|Cohen|O'Brien)

language:
    (French|German|Spanish|Chinese|Mandarin|Japanese|Italian|Korean|Thai|Polish|Arabic|Portuguese|Dutch)

currency:
    (dollars|euros|pounds|yen|US dollars|Taiwan dollars)

amount:
    <digits> (dollars|euros|bucks|pounds|USD|EUR)
    $<digits>
    <count> hundred (dollars|euros|pounds)
    (a hundred|a thousand|five hundred) (dollars|euros|bucks)
"""
