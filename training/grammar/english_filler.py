"""
Rules for English about anything at all.

A network that has only read bookings takes every word it does not know for a city.
"""

FILLER = """
filler:
    6* <noun-phrase> <verb-phrase>
    4* (I|we|they|he|she|you|it) <verb-phrase>
    3* (I|we) (think|hope|guess|heard|know|was told|believe|don't think|doubt|suppose|wish|wonder if|said|am sure|am afraid) [that] <subject> <verb-phrase>
    2* (I|we|they|you) (don't|didn't|can't|won't|cannot|never|usually|always|often|just|really|also|still|already) <verb> [<noun-phrase>] [<around>]
    1* there (is|was|will be|are|were) (no|some|a lot of|a|another|one|zero|two|three) [<adjective-any>] <noun> [<around>]
    1* (it|this|that) (is|was|would be|will be|seems) [really|too|very|so|not|quite|a bit] <adjective-any>
    1* <noun-phrase> of <noun-phrase> <verb-phrase>
    1* (I|we) (have|had|need|want|got|like|bought|lost|found) (zero|0|no|one|two|three|a|some|more than one) [<adjective-any>] <noun>

filler-question:
    3* (can|could|will|would|do|did|should|may) (you|I|we|they|<noun-phrase>) <verb> [<noun-phrase>] [<around>]
    3* (why|how|where|when|who|what) (do|does|did|can|should|will|would) (I|we|you|it|they|<noun-phrase>) <verb> [<around>]
    3* (what|which) <noun> (do|does|will|should|did|can) (I|we|you|it|they|<noun-phrase>) <verb> [from|to|at|in|with|for|on]
    3* (what|which) <noun> (is|was|will be|are) (it|this|that|they|<noun-phrase>)
    2* (what|which|how many|how much) <noun> (is|are|was|were) (there|included|allowed|needed|possible|left|<adjective-any>)
    2* (is|are|was|will|does) (it|this|that|there|<noun-phrase>) [be] [<adjective-any>] [<around>]
    1* (what|who) is <noun-phrase> [of <noun-phrase>]
    1* (tell me|show me|check|let me know|find out) (what|which|if|whether|how|when|where) <subject> <verb-phrase>

subject:
    2* (I|we|they|he|she|you|it|everybody|someone|nobody|this|that)
    3* <noun-phrase>

noun-phrase:
    6* (the|the|a|my|our|this|that|his|her|your|some|any|no|another|every|each|their|one) [<adjective-any>] <noun>
    1* my <noun>'s <noun>
    1* <adjective-any> <noun>s
    1* <noun> <noun>

verb-phrase:
    4* (is|was|will be|seems|looks|can be|has been|is not|wasn't|should be|must be) [very|so|too|really|quite|not|a bit] <adjective-any>
    4* (can|will|should|must|might|would|could|has to|needs to|wants to|won't|didn't|used to) <verb> [<noun-phrase>] [<around>]
    3* <past> [<noun-phrase>] [<around>]
    1* <verb>s <noun-phrase>
    1* (is|was|are|were) <verb>ing [<noun-phrase>]
    1* (is|was) <past> [<around>]

around:
    3* (to|from|in|on|at|for|with|about|of|without|into|over|under|behind|through|between|near) <noun-phrase>
    1* (again|together|here|there|now|soon|online|alone|as well|instead|too|first|at all|once more|right away|today|every day|yesterday|last week|anyway|carefully|quickly|completely|maybe|of course|in advance|for free|on foot)

reason:
    2* (because|since|as|so that|so|but|although|and|which is why|while|unless|even though) <subject> <verb-phrase>
    2* to <verb> [<noun-phrase>] [<around>]

verb:
    (accept|accompany|act|add|admit|admire|adopt|advise|agree|allow|announce|answer|apologise|appear|apply|approve|argue|ask|attend|avoid|bake|become|begin|believe|belong|borrow|bother|break|bring|build|burn|buy|calculate|call|cancel|care|carry|catch|cause|celebrate|change|charge|check|choose|claim|clean|climb|close|collect|combine|come|compare|complain|complete|confirm|consider|contact|contain|continue|cook|copy|correct|cost|count|cover|create|cross|cry|cut|dance|decide|declare|deliver|depend|describe|design|develop|disappear|discover|discuss|divide|double|doubt|download|draw|dream|drink|drop|earn|eat|email|embark|enjoy|enter|exchange|expect|expire|explain|explore|extend|fail|fall|feed|feel|fight|fill|finish|fit|fix|follow|forget|forgive|gather|give|grow|guess|handle|happen|hate|hear|help|hide|hire|hold|hope|hurry|hurt|imagine|improve|include|increase|inform|insist|invite|join|joke|jump|keep|kick|kill|knock|know|last|laugh|lead|learn|lend|lie|lift|like|listen|live|look|lose|love|manage|marry|matter|mean|measure|meet|mention|mind|miss|mix|move|need|notice|obtain|offer|open|order|own|pack|paint|park|pay|perform|pick|plan|play|point|pray|prepare|press|prevent|print|produce|promise|protect|prove|provide|publish|pull|push|put|react|read|realise|receive|recognise|recommend|record|reduce|refuse|regret|relax|remember|remove|rent|repair|repeat|replace|reply|report|request|rescue|respect|rest|ride|ring|rise|roll|run|save|say|scan|search|see|seem|sell|send|separate|serve|share|shine|shop|shout|show|shut|sign|sing|sit|skip|sleep|smell|smile|smoke|solve|sort|sound|speak|spend|spoil|stand|stay|steal|stop|store|study|succeed|suffer|suggest|suit|supply|support|suppose|surprise|swim|take|talk|taste|teach|tell|thank|think|throw|touch|train|translate|treat|trust|try|turn|type|understand|update|upgrade|use|visit|wait|wake|walk|want|warn|wash|watch|wear|win|wish|wonder|work|worry|write)

past:
    (added|agreed|allowed|announced|answered|arranged|asked|baked|began|bought|broke|brought|built|called|cancelled|carried|caught|changed|charged|checked|chose|cleaned|closed|collected|concluded|confirmed|cooked|copied|delayed|delivered|described|destroyed|discussed|drank|dropped|earned|ended|enjoyed|explained|extended|failed|fell|felt|finished|fixed|forgot|found|gave|got|grew|heard|helped|hired|included|informed|invited|joined|kept|knew|learned|liked|listened|lost|loved|made|married|mentioned|met|missed|moved|noticed|offered|opened|ordered|packed|paid|parked|picked|planned|played|postponed|promised|put|ran|read|received|recommended|refused|rented|repaired|replaced|reported|required|reserved|said|saved|saw|scheduled|sent|served|shared|shown|signed|slept|sold|spent|spoke|started|stayed|stole|stopped|studied|suggested|talked|taught|thought|threw|told|took|tried|turned|understood|used|visited|waited|walked|wanted|washed|watched|went|woke|won|wore|worked|wrote)

adjective-any:
    (able|absent|accurate|actual|additional|afraid|allergic|alone|amazing|ancient|angry|annual|anxious|appropriate|available|average|awake|awful|bad|basic|beautiful|best|better|big|bitter|black|blind|blue|boring|brave|brief|bright|broken|brown|busy|calm|careful|certain|cheap|checked|clean|clear|clever|cloudy|cold|colourful|comfortable|common|complete|complicated|confused|cool|correct|crazy|crowded|curious|cute|damaged|dangerous|dark|dead|deaf|deep|delicious|different|difficult|digital|dirty|dry|due|dusty|easy|electric|elegant|empty|entire|equal|exact|excellent|excited|exciting|expensive|extra|fair|false|familiar|famous|fancy|fantastic|far|fast|fat|favourite|final|fine|flat|foreign|formal|free|fresh|friendly|full|funny|general|gentle|glad|gold|good|great|green|grey|guilty|happy|hard|healthy|heavy|helpful|high|honest|hot|huge|hungry|ill|important|impossible|included|independent|innocent|interesting|jealous|kind|large|late|lazy|legal|light|little|local|lonely|long|loose|loud|lovely|low|lucky|mad|main|married|medium-sized|messy|mild|missing|modern|narrow|nearby|necessary|nervous|new|next|nice|noisy|normal|obvious|odd|official|old|only|open|orange|ordinary|original|outdoor|painful|patient|perfect|personal|pink|plain|pleasant|polite|poor|popular|possible|pretty|private|proud|public|pure|quick|quiet|random|rare|ready|real|recent|red|regular|relevant|reliable|rich|right|rough|round|rude|sad|safe|salty|same|satisfied|serious|sharp|short|shy|sick|silent|silly|silver|similar|simple|single|slow|small|smart|smooth|social|soft|sore|sorry|special|stable|strange|strict|strong|stupid|suitable|sunny|sure|surprised|sweet|tall|tasty|terrible|thick|thin|thirsty|tidy|tight|tiny|tired|total|tough|traditional|true|typical|ugly|unable|unhappy|unusual|urgent|useful|usual|valid|valuable|violent|warm|weak|weird|wet|white|whole|wide|wild|wise|wonderful|wooden|worried|worse|worth|wrong|yellow|young)

noun:
    (accident|account|action|activity|actor|address|advantage|advice|afterthought|age|agent|agreement|air|airline|airport|alarm|allowance|amount|animal|answer|apartment|app|apple|application|area|arm|army|art|article|artist|attempt|attention|audience|aunt|baby|back|backpack|bag|baggage|balance|ball|band|bank|bar|basket|bathroom|battery|beach|bed|beer|belt|bicycle|bike|bill|bird|birthday|blanket|blood|board|boat|body|bone|book|booking|boss|bottle|bottom|box|boy|brain|branch|bread|break|breakfast|bridge|brother|budget|bug|building|bus|business|butter|button|cabin|cake|calendar|camera|camp|car|card|care|carriage|case|cash|cat|category|cause|ceiling|chair|chance|change|channel|chapter|charge|charger|cheese|chicken|chief|child|chocolate|choice|church|cigarette|cinema|circle|city|class|client|climate|clinic|clock|clothes|cloud|club|coach|coat|code|coffee|colleague|collection|college|colour|comment|committee|company|competition|computer|concert|condition|conference|connection|contact|contract|control|conversation|cook|copy|corner|cost|country|couple|course|court|cousin|cover|cream|credit|crew|crime|crowd|culture|cup|curtain|customer|damage|dance|danger|data|date|daughter|day|deal|death|debate|debt|decision|degree|delay|delivery|dentist|department|departure|deposit|desk|destination|detail|device|diet|difference|dinner|direction|discount|disease|dish|distance|doctor|document|dog|dollar|door|doubt|dream|dress|drink|driver|drop|dust|duty|ear|earth|economy|edge|education|effect|effort|egg|elevator|email|employee|end|energy|engine|engineer|entrance|envelope|equipment|error|event|exam|example|exit|expense|experience|expert|expertise|extension|eye|face|fact|factory|family|fan|farm|father|fault|fear|fee|feeling|festival|field|figure|file|film|finger|fire|fish|flag|flight|floor|flower|food|foot|forest|fork|form|friend|fruit|fuel|fun|future|game|garden|gas|gate|gift|girl|glass|goal|gold|government|grandfather|grass|group|guest|guide|guitar|gun|hair|half|hall|hand|handle|hat|head|health|heart|heat|hill|history|hobby|hole|holiday|home|honey|hope|horse|hospital|hotel|hour|house|husband|ice|idea|illness|image|industry|information|ink|insect|inside|insurance|interest|internet|interview|invitation|iron|island|issue|itinerary|jacket|job|joke|journey|judge|juice|jumper|key|kid|kind|king|kitchen|knee|knife|lady|lake|lamp|land|language|laptop|law|lawyer|leader|leaf|leg|lesson|letter|level|library|licence|lie|life|lift|light|limit|line|list|living|loan|lock|look|lounge|luck|luggage|lunch|machine|magazine|mail|man|manager|map|mark|market|match|material|matter|meal|meaning|measure|meat|medicine|meeting|member|memory|menu|message|metal|method|middle|milk|mind|minute|mirror|mistake|mobile|model|moment|money|month|moon|mother|mountain|mouse|mouth|movie|museum|music|name|nation|nature|neck|need|neighbour|network|newspaper|night|noise|nose|note|number|nurse|object|ocean|offer|office|oil|onion|operation|opinion|option|order|owner|page|pain|paint|pair|paper|parent|park|part|partner|party|passenger|passport|password|past|path|patience|payment|peace|peanut|pen|pencil|people|pepper|permission|person|pet|phone|photo|piano|picture|piece|pillow|pilot|place|plan|plane|plant|plate|platform|player|point|police|policy|pool|position|post|potato|power|preference|present|president|price|prison|prize|problem|process|product|profit|program|project|promise|proof|purpose|purse|quality|quarter|queen|question|queue|race|radio|rain|range|rate|reader|reason|receipt|record|refund|region|rent|rental|report|request|rescue|research|reservation|rest|restaurant|result|return|review|reward|rice|ring|risk|river|road|rock|role|roof|room|rope|route|row|rule|safety|salad|salary|sale|salt|sand|sandwich|scale|schedule|school|science|screen|sea|search|season|seat|secret|section|security|selection|self|sense|sentence|series|service|set|shape|share|sheep|sheet|shelf|ship|shirt|shock|shoe|shop|shoulder|shower|side|sign|signal|silence|sister|site|situation|size|skill|skin|sky|smell|smile|smoke|snack|snake|snow|soap|society|sock|software|soldier|solution|son|song|sort|sound|soup|source|space|speech|speed|spoon|sport|spot|staff|stage|stairs|stamp|standard|star|start|state|statement|station|status|step|stomach|stone|stop|storm|story|stranger|street|stress|student|study|style|subject|success|sugar|suggestion|suit|suitcase|summer|sun|supermarket|support|surface|surprise|system|table|talk|task|taste|tax|taxi|tea|teacher|team|technology|telephone|television|tent|term|test|text|thanks|theatre|theory|thing|thought|ticket|time|title|toilet|tomato|tone|tongue|tool|tooth|top|topic|total|touch|tour|towel|tower|town|toy|track|trade|traffic|train|training|transfer|tree|trip|trouble|truck|trust|truth|type|umbrella|uncle|uniform|university|update|use|user|vacation|value|vegetable|vehicle|venue|version|video|view|village|violence|visa|visit|visitor|voice|volume|wait|waiter|wall|wallet|war|waste|watch|water|wave|way|weather|website|wedding|week|weight|wheel|wheelchair|wife|wind|window|wine|wing|winner|winter|wish|woman|wood|word|work|worker|world|worry|writer|writing|year|yesterday|zone|zoo)
"""
