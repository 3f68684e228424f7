"""The Chinese words that rules read, in simplified characters: class, value, forms."""

from app.values.vocabulary import read_vocabulary

__all__ = ["VOCABULARY"]

# Classes of words, one character each, as rules write them:
#   n number   Y year in four digits   d whole date   c 7:45   p am/pm
#   y 年   m 月   D 日/号   t 天   w 周   W weekday   E weekend   U 个   e beginning/middle/end
#   r today …   z this year …   P part of day   N noon   X now   H holiday
#   h 点   b 半   k 刻   i 分   s 秒   o 过   c 7:45   q 差   V 小时   I 分钟
#   > next   < last   = this   l lunar   M lunar month   1 初   R 民国
#   B before   A after   S since   G about, behind   g about, in front   K at the latest
#   L at the earliest   x within   T to   - dash   & and   | or   F from   v between
#   a next day   f 的   @ 在   , signs
#   Two classes with a plus between them are a word of two parts: 今晚 is today and evening.
VOCABULARY = read_vocabulary("""
W 0 周一|星期一|礼拜一|周1|星期1|礼拜1
W 1 周二|星期二|礼拜二|周2|星期2|礼拜2
W 2 周三|星期三|礼拜三|周3|星期3|礼拜3
W 3 周四|星期四|礼拜四|周4|星期4|礼拜4
W 4 周五|星期五|礼拜五|周5|星期5|礼拜5
W 5 周六|星期六|礼拜六|周6|星期6|礼拜6
W 6 周日|周天|星期日|星期天|礼拜日|礼拜天|周7|星期7
M 1 正月|大年
M 11 冬月
M 12 腊月
E _ 周末|礼拜末|星期末|周六日|星期六日|周六周日
r -3 大前天
r -2 前天|前日
r -1 昨天|昨日|琴日|寻日
r 0 今天|今日|今儿|即日|当日
r 1 明天|明日|明儿|听日
r 2 后天|后日|后儿
r 3 大后天|大后日
P afternoon 下午|午后|下昼|晏昼|后晌
P dawn 拂晓|黎明|天亮
P day 白天|日间
P dusk 傍晚|黄昏|傍黑
P early_morning 清晨|清早|一早|一大早|大清早
P evening 晚上|晚间|夜晚|夜间|晚|夜
P late_night 深夜
P midnight 半夜
P morning 早上|早晨|早间|朝早|朝头早|上午|上昼|早|朝
P night 夜里
P noon 午间
P small_hours 凌晨
N 12 中午|正午|晌午
N 24 午夜|子夜
X _ 现在|而家|此刻|目前|当下
H april_fools_day 愚人节
H arbor_day 植树节
H army_day 建军节
H boxing_day 节礼日
H childrens_day 儿童节|六一
H chinese_national_day 国庆|国庆节|国庆日
H christmas 圣诞|圣诞节|圣诞日
H christmas_eve 平安夜|圣诞夜|圣诞前夕|圣诞前夜
H double_ninth 重阳|重阳节
H double_tenth 双十节|双十国庆
H dragon_boat_festival 端午|端午节
H easter 复活节
H fathers_day 父亲节
H ghost_festival 中元节
H halloween 万圣节
H hong_kong_establishment_day 回归日
H laba 腊八|腊八节
H lantern_festival 元宵|元宵节
H lunar_new_year 春节|农历新年|大年初一
H lunar_new_years_eve 除夕|除夕夜|年三十|大年三十|年夜
H may_day 劳动节|五一|五一节|五一劳动节
H mid_autumn_festival 中秋|中秋节
H mothers_day 母亲节
H new_year 元旦|新年
H new_years_eve 跨年夜|跨年
H peace_memorial_day 和平纪念日|二二八
H qingming 清明|清明节
H qixi 七夕|七夕节
H singles_day 双十一|光棍节
H teachers_day 教师节
H thanksgiving 感恩节
H valentines_day 情人节
H winter_solstice 冬至
H womens_day 妇女节
H youth_day 青年节
k _ 刻|刻钟
> 1 下|下一
< -1 上|上一
= 0 这|本|今|呢|当|这一
D _ 日
D 号 号
e end 底|下旬|末|尾
e mid 中|中旬
e start 上旬
h _ 点|时|点钟|点正|点整|时整|点锺
A after 之后|以后|后|过后|晚于|迟于
l _ 农历|阴历|旧历|夏历
g _ 大约|大概|约|约莫|差不多|接近|将近|近|大致
i _ 分
a 0 同一天|当天|同日|同天
a 1 第二天|次日|翌日|隔天|隔日
b _ 半|半钟
B before 之前|以前|前|早于
S since 起|开始|以来|或之后|或以后|或更晚|往后|及以后
L _ 最早|不早于|至早
K _ 最晚|最迟|不晚于|不迟于|不超过|至迟|至晚
x _ 内|以内|之内
G _ 左右|前后|上下|许|左近|那会儿
V hour 小时|钟头|个钟|个钟头
F _ 从|由|自|自从
T _ 到|至|直到
w _ 周|星期|礼拜
& _ 和|与|跟|同
| _ 或|或者|还是|或是|定系
@ _ 在|于|喺|的时候|时候|嘅时候|公元|西元|阳历|公历|国历|新历|再|假期|假|时分
I minute 分钟
f _ 的|嘅|那天|当天的|这天|嗰日|那日
s _ 秒|秒钟
1 _ 初
R 1911 民国
U _ 个
a+P 0+evening 当晚
a+P 0+morning 当早
a+P 1+early_morning 次晨
m _ 月|月份
m+e _+end 月底|月末|月尾|月下旬
m+e _+mid 月中|月中旬
m+e _+start 月初|月初旬|月上旬
o _ 过
q _ 差
r+N -1+12 昨午|琴午|寻午
r+N 0+12 今午
r+N 1+12 明午|听午
r+N 2+12 后午
r+P -1+early_morning 昨晨|琴晨|寻晨
r+P -1+evening 昨晚|琴晚|寻晚
r+P -1+morning 昨早|昨朝|琴早|琴朝|寻早
r+P 0+early_morning 今晨
r+P 0+evening 今晚|今夜
r+P 0+morning 今早
r+P 1+early_morning 明晨|听晨
r+P 1+evening 明晚|听晚
r+P 1+morning 明早|听早|听朝
r+P 2+early_morning 后晨
r+P 2+evening 后晚
r+P 2+morning 后早
t _ 天|日子
v _ 之间|间|期间|这段时间|中间
y _ 年
y+e _+end 年底|年末|岁末|年尾
y+e _+mid 年中
y+e _+start 年初
z -2 前年
z -1 去年|旧年
z 0 今年|本年
z 1 明年|来年|出年
z 2 后年
""")
