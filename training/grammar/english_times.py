"""
Rules for English dates and times.

The braces hold what the annotation guide counts to the value: before, after and no later than
belong to it; on, at, by, in, for and the do not where they lead.
"""

TIMES = """
# A date or a time as a sentence has it, with its preposition.
when:
    12* on {<day>}
    7* on the {<nth>}
    2* the {<nth>}
    7* {<day>}
    16* {<relative>}
    1* on {<relative>}
    1* the {<relative-the>}
    2* on the {<relative-the>}
    8* at {<clock>}
    3* {<clock>}
    3* in the {<part>}
    1* at {night}
    3* in {<season>}
    2* at {<feast>}
    2* at the {<edge> of <month-or-so>}
    1* the {<edge> of <month-or-so>}
    1* <loosely> {<relative>}
    1* in {<number> (days|weeks|months|hours)}
    1* {<number> (days|weeks) from (now|today)}
    8* {<bound> <clock>}
    1* <loosely> {after <clock>}
    1* at {(around|about) <clock>}
    7* {<bound> <any-date>}
    7* by {<clock>}
    5* by {<day>}
    3* by {<relative>}
    3* by the {<nth>}
    2* {<between>}
    2* on {<day> <clock-behind>}
    6* on {<day> at <clock>}
    3* on the {<nth> at <clock>}
    7* {<relative> at <clock>}
    3* {<relative> <clock-behind>}
    2* {<relative-the> at <clock>}
    3* {<day> at <clock>}
    3* at {<clock> on <day>}
    3* at {<clock> <relative>}
    1* at {<clock> on the <nth>}
    1* by {<clock> on <day>}
    2* by {<clock> <relative>}
    2* {<clock> <relative>}
    2* {<clock> on <day>}
    2* {<day>, <clock>}
    2* {<relative>(,| around| about| before| after) <clock>}
    2* {<bound> <clock> (on <day>|<relative>)}
    2* on {<day> in the <part>}
    1* on {<day> <between>}
    1* on the {<nth> in the <part>}
    2* {<weekday> <part>}
    3* on {<weekday> <part>}
    1* on {<day> (around|about|after|before) <clock>}
    1* on the {<part> of (<day>|the <nth>)}
    1* in the {<part> of (<day>|the <nth>)}
    1* {(early|late) (<relative-part>|<weekday> <part>)}
    1* {(early|late) in the <part>}
    1* {first thing (in the morning|tomorrow|<weekday> morning)}
    1* for {<relative>}
    1* in the {<part> <clock>}
    1* on {<weekday>s}
    1* (on|with) (date|the date|a date of|the date of) [the] {<day>}
    1* for {<day>}
    1* for the {<nth>}
    1* any time {<bound> <clock>}
    1* {<day>} or thereabouts

loosely:
    sometime
    some time
    any time
    anytime

# A date or a time alone, as a label or an answer has it.
moment:
    5* {<day>}
    2* {<nth>}
    2* the {<nth>}
    5* {<relative>}
    5* {<clock>}
    2* {<bound> <clock>}
    2* {<bound> <any-date>}
    2* {<day> at <clock>}
    1* {<day>, <clock>}
    1* {<day> <clock-behind>}
    2* {<relative> at <clock>}
    1* {<clock> on <day>}
    1* {<clock> <relative>}
    1* {<part>}
    1* {<season>}
    1* {<feast>}
    1* {<between>}

# A date alone, without the time of day, to travel from one to the other.
date:
    5* {<day>}
    3* {<nth>}
    3* the {<nth>}
    2* {<relative>}

any-date:
    4* <day>
    3* the <nth>
    2* <relative>
    1* the <relative-the>
    1* <feast>
    1* <season>
    1* noon on <day>

# What stands behind "on" without "the".
day:
    10* <month> <ordinal>
    5* <month> <numeral>
    3* <numeral> <month>
    2* <ordinal> [of] <month>
    3* <month> <ordinal-word>
    3* <weekday>
    2* <weekday>,[ ] <month> <ordinal>
    1* <weekday> <month> (<ordinal>|<numeral>)
    1* <weekday> <numeral> <month>
    1* <weekday> the <ordinal>
    1* <month> <ordinal>,[ ] <year>
    1* <numeral> <month> <year>
    3* <slashed>
    1* <iso>
    1* <dotted>
    1* <feast-day>
    1* <weekday> (next week|this week|after next|<month> <numeral>)
    1* <weekday>, <ordinal> [of] <month>
    1* <weekday> (the|,) <ordinal> of <month>

# What stands behind "the".
nth:
    8* <ordinal>
    4* <ordinal> of <month>
    2* <ordinal-word>
    2* <ordinal-word> of <month>
    2* <ordinal> of (this|next) month
    1* <ordinal-word> of (this|next) month
    1* <ordinal> <month>
    1* last day of <month>
    1* (first|last|second|third) <weekday> (of|in) <month>
    1* weekend of (the <ordinal>|<month> <ordinal>)
    1* (first|second|third|last) week of <month>

relative:
    8* tomorrow
    4* today
    3* tonight
    5* next <weekday>
    5* this <weekday>
    1* this coming <weekday>
    1* coming <weekday>
    2* (next|this) week
    3* (next|this) weekend
    1* (next|this) month
    3* <relative-part>
    3* (next|this) <weekday> <part>
    1* a week from (today|tomorrow|<weekday>)
    1* later (today|tonight|this week|this month|this <part>)
    1* (early|late|mid) next (week|month)
    1* <weekday> (next|this) week
    1* next (spring|summer|autumn|fall|winter|Christmas|Easter|<month>)
    1* this (spring|summer|autumn|fall|winter|Christmas|Easter)
    1* <weekday>s
    1* every <weekday>
    1* (tomorrow|<weekday>) in the <part>
    1* day after tomorrow
    1* <weekday> <part>

relative-the:
    4* day after tomorrow
    2* coming <weekday>
    2* following (<weekday>|day|week|morning)
    1* weekend
    1* end of (the|this) (week|month|year)
    1* week after next
    1* weekend after next

relative-part:
    6* tomorrow <part>
    3* this <short-part>
    1* tomorrow (early|late) <short-part>
    1* tomorrow night

part:
    5* morning
    5* afternoon
    5* evening
    1* early morning
    1* late morning
    1* early afternoon
    1* late afternoon
    1* (early|late) evening
    2* night
    1* late night

short-part:
    morning
    afternoon
    evening

clock:
    8* <hour>[ ]<am-pm>
    5* <hour>:<minute>[ ]<am-pm>
    3* <hour>:<minute>
    4* <time24>
    1* <hour>.<minute>[<am-pm>]
    2* <hour>
    2* <hour-word>
    3* <hour-word> <am-pm>
    3* (<hour>|<hour-word>) o'clock
    2* (<hour>|<hour-word>) o'clock <in-part>
    2* (<hour>|<hour-word>) <in-part>
    1* <hour>:<minute> <in-part>
    2* <hour-word> <minute-word>
    2* <hour-word> <minute-word> (<am-pm>|<in-part>)
    2* half past (<hour>|<hour-word>)
    1* half past (<hour>|<hour-word>) <in-part>
    2* (quarter|a quarter) (past|to|after) (<hour>|<hour-word>)
    1* (quarter|a quarter) (past|to) (<hour>|<hour-word>) <in-part>
    1* (ten|twenty|10|20|five|5|twenty five) [minutes] (past|to) (<hour>|<hour-word>)
    2* noon
    1* midday
    1* midnight
    1* 12 (noon|midnight)
    1* half <hour-word>
    1* <hour>ish
    1* <part> <hour>[:<minute>]
    1* <hour>h<minute>
    1* <time24> (hours|h|hrs)

clock-behind:
    4* <hour>[ ]<am-pm>
    2* <hour>:<minute>[ ]<am-pm>
    2* <time24>
    1* noon
    1* around <hour>[ ]<am-pm>
    1* at around <hour> [<am-pm>]
    1* before <hour> [<am-pm>]
    1* after <hour> [<am-pm>]

in-part:
    in the (morning|morning|afternoon|evening)
    at night
    in the (early morning|early afternoon|late afternoon|late evening)
    (tonight|sharp)

am-pm:
    6* am
    6* pm
    1* a.m.
    2* p.m.
    1* AM
    1* PM
    1* a m
    1* p m

bound:
    6* before
    6* after
    5* around
    3* about
    2* no later than
    1* not later than
    1* no earlier than
    1* not before
    1* not after
    1* later than
    1* earlier than
    1* approximately
    1* roughly
    1* shortly (before|after)
    1* right (before|after)
    1* just (before|after)

between:
    2* between <hour> and <hour>[ ]<am-pm>
    1* between <hour>[ ]<am-pm> and <hour>[ ]<am-pm>
    1* between <time24> and <time24>
    1* between <hour-word> and <hour-word> [<in-part>]
    1* between <month> <ordinal> and [<month>] <ordinal>
    1* between the <ordinal> and the <ordinal>
    1* between <weekday> and <weekday>

season:
    3* <month>
    1* <month> <year>
    1* (early |late |mid |mid-)<month>
    1* (spring|summer|autumn|winter)
    1* <year>

edge:
    2* end
    2* beginning
    1* middle
    1* start

month-or-so:
    3* <month>
    2* the month
    1* next month
    1* the week
    1* the year
    1* this month

feast:
    Christmas
    Easter
    Thanksgiving
    New Year
    New Year's
    Chinese New Year
    Halloween
    Ramadan
    Diwali

feast-day:
    Christmas Eve
    Christmas Day
    Christmas
    New Year's Eve
    New Year's Day
    Thanksgiving
    Thanksgiving Day
    Easter Sunday
    Easter Monday
    Good Friday
    Boxing Day
    Labor Day
    Memorial Day
    Independence Day
    Valentine's Day
    Halloween
    Mother's Day
    my birthday
    Friday the 13th

weekday:
    3* (Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)
    1* (Mon|Tue|Tues|Wed|Thu|Thurs|Fri|Sat|Sun)[.]

month:
    8* (January|February|March|April|May|June|July|August|September|October|November|December)
    3* (Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)
    1* (Jan.|Feb.|Mar.|Apr.|Aug.|Sept.|Oct.|Nov.|Dec.)

ordinal-word:
    (first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)
    (thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth)
    twenty(-| )(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)
    (thirtieth|thirty(-| )first)

hour:
    (1|2|3|4|5|6|7|8|9|10|11|12)

hour-word:
    (one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)

minute:
    3* (00|15|30|45)
    2* (05|10|20|25|35|40|50|55)

minute-word:
    2* (fifteen|thirty|forty-five|thirty|twenty|ten|fifty)
    1* (oh five|forty five|twenty five|thirty five|fifty five)

number:
    (two|three|four|five|six|ten)
    (2|3|4|5|6|10)
"""
