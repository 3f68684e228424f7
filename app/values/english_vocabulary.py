"""The English words that rules read: class, value, forms."""

from app.values.vocabulary import read_vocabulary

__all__ = ["VOCABULARY"]

# Classes of words, one character each, as rules write them:
#   W weekday   M month   n number   o ordinal   Y year   q three or four digits   d date
#   U hundreds in words   c 7:45   z 8.30   p am/pm   k o'clock   r today …   P part of day
#   N noon   X now   0 oh
#   E weekend   H holiday   u unit   > next   < last   = this   C coming   D same
#   e early/mid/late   h half   Q quarter   A a   l later   g ago   i ish
#   a after   b before   B by   S since   L or later   K at the latest   x within   G around
#   V between   F from   w onwards   T to   - dash   & and   | or
#   O on   @ at   I in   f of   j for   s past   , / ' signs
VOCABULARY = read_vocabulary("""
W 0 monday|mon
W 1 tuesday|tue|tues
W 2 wednesday|wed|weds
W 3 thursday|thu|thur|thurs
W 4 friday|fri
W 5 saturday|sat
W 6 sunday|sun
M 1 january|jan
M 2 february|feb
M 3 march|mar
M 4 april|apr
M 5 may
M 6 june|jun
M 7 july|jul
M 8 august|aug
M 9 september|sep|sept
M 10 october|oct
M 11 november|nov
M 12 december|dec
E _ weekend|wknd
u day day|days|day's|day's time|days' time
u fortnight fortnight|fortnights
u hour hour|hours|hr|hrs|h|hour's time|hours' time
u minute minute|minutes|min|mins
u month month|months|month's time|months' time
u second second|seconds|sec|secs
u week week|weeks|wk|wks|week's time|weeks' time
u year year|years|yr|yrs|year's time|years' time
r -2 day before yesterday
r -1 yesterday
r 0 today|earlier today|later today
r 1 tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow
r 2 overmorrow|day after tomorrow|day after tmrw
P afternoon afternoon|mid - afternoon|mid afternoon
P dawn dawn|daybreak|sunrise|first light|crack of dawn|break of dawn
P day daytime
P dusk dusk|sunset|nightfall
P early_afternoon early in the afternoon|early afternoon
P early_evening early in the evening|early evening
P early_morning first thing in the morning|early morning|early in the morning
P evening evening|mid - evening|mid evening
P late_afternoon late in the afternoon|late afternoon
P late_evening late in the evening|late evening
P late_morning late morning|late in the morning
P late_night late in the night|late night
P lunchtime lunchtime|lunch time
P morning morning|mornings|mid morning|mid - morning
P night night|early in the night
P small_hours early hours|small hours
N 12 noon|midday|noontime|noonish|mid day
N 24 midnight|mid night
X _ now|at the present time|at the moment|at present|at this moment|at this time|right now
H all_saints_day all saints' day|all saints day|all saint's day
H anzac_day anzac day
H april_fools_day april fool's day|april fools day|april fools' day
H ascension_day ascension day
H ash_wednesday ash wednesday
H australia_day australia day
H bastille_day bastille day
H black_friday black friday
H boxing_day st stephen's day|boxing day
H canada_day canada day
H christmas christmas|xmas|christmas day|xmas day
H christmas_eve christmas eve|xmas eve
H cinco_de_mayo cinco de mayo
H columbus_day columbus day|indigenous peoples' day|indigenous peoples day|indigenous people's day
H cyber_monday cyber monday
H dragon_boat_festival dragon boat festival
H earth_day earth day
H easter easter|easter sunday|easter day
H easter_monday easter monday
H epiphany epiphany|epiphany day|three kings day
H fathers_day father's day|fathers day|fathers' day
H good_friday good friday
H groundhog_day groundhog day
H guy_fawkes_night bonfire night|guy fawkes night
H halloween halloween|hallowe'en|all hallows eve
H independence_day independence day
H juneteenth juneteenth|freedom day|jubilee day|juneteenth day
H labour_day labor day|labour day
H lantern_festival lantern festival
H lunar_new_year lunar new year day|lunar new year's day|lunar new year|chinese new year day
H lunar_new_year chinese new year's day|chinese new year|spring festival
H lunar_new_years_eve lunar new year's eve|chinese new year's eve
H martin_luther_king_day martin luther king jr day|martin luther king day|mlk day|mlk jr day
H maundy_thursday maundy thursday
H may_day international workers' day|international workers day|may day|workers' day
H memorial_day memorial day
H mid_autumn_festival mid - autumn festival|mid autumn festival|moon festival
H mothers_day mother's day|mothers day|mothers' day
H new_year new year day|new year|new year's day|new year's|new years day|new years
H new_years_eve nye|new year eve|new year's eve|new years eve
H palm_sunday palm sunday
H pentecost pentecost|whitsun|whit sunday
H presidents_day presidents' day|presidents day|president's day
H qingming qingming|qingming festival|tomb sweeping day
H singles_day singles day|singles' day
H st_patricks_day st patrick's day|st patrick's|st patricks day|st paddy's day|saint patrick's day
H st_patricks_day saint patrick day|saint patrick
H thanksgiving thanksgiving|thanksgiving day
H valentines_day valentine's|valentines|valentine's day|valentines day|valentine day
H valentines_day st valentine's day
H veterans_day veterans day|veterans' day|veteran's day
H womens_day women's day|womens day|international women's day
k _ o'clock|oclock|o clock|sharp|prompt|promptly|on the dot|on dot
p am am
p pm pm
> 1 next|following|nxt
< -1 last|previous
= 0 this|current
C _ coming|upcoming
D 0 same
e early early|first thing in|first thing
e end end
e late late
e mid mid|middle
e start beginning|start
h 30 half
Q 15 quarter
A 1 a|an
l _ later|hence
g _ ago
i _ ish|or so
a after after|later than|just after|shortly after|right after|straight after|soon after
b before before|prior to|earlier than|ahead of|just before|shortly before|right before
b before straight before|soon before
B by by|until|till|til|no later than|not later than|not after|at the latest by|up to|up until
B by on or before
S since since|starting|no earlier than|not before|not earlier than|starting from|starting on
S since starting at|as of|on or after
L _ earliest|at the earliest|at earliest|or later|or after that|or after|or so later|and later
K _ latest|at the latest|at latest|or earlier|or before|and earlier
x _ within
G _ around|about|approximately|circa|approx|roughly|near
V _ between
F _ from
T _ to|through|thru
w _ onwards|onward|and on
& _ and
| _ or
O _ on
@ _ at
I _ in|during
f _ of
j _ for|sometime|anytime|exactly|precisely|either|over|any time|some time|all day|whole day
s _ past
0 _ oh
n 2 a couple of|a couple|couple of
t evening tonight|tonite|later tonight
t late_evening late tonight
""")
