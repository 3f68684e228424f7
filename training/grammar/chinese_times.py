"""
Rules for Chinese dates and times, in simplified characters.

Where 之前, 以后, 左右 and the like follow, they stand outside the braces of the value;
大约, 最晚, 不早于 and the like lead it and belong to it.
"""

TIMES = """
# A date or a time as a sentence has it, with what leads and follows it.
when:
    16* {<moment>}
    5* 在{<moment>}
    1* 于{<moment>}
    1* (在|)<moment-late>
    1* {<approximate><clock>}
    1* {<date>(大约|大概|差不多)<clock>}
    1* {<part-of-day>(大约|大概|差不多)<bare-clock>}
    1* {<clock>到<clock>之间}
    1* {<bound><clock>}

# With what the guide leaves outside.
moment-late:
    4* {<moment>}左右
    2* {<clock>}(以后|之后|后)
    1* {<clock>}(之前|以前|前)
    1* {<moment>}的时候
    1* {<day-moment>}(之前|以前|前)

by-when:
    4* {<moment>}(之前|以前|前)
    3* 在{<moment>}(之前|以前|前)
    1* {<bound><clock>}
    1* {<bound><date>}
    1* {<moment>}左右
    1* 赶在{<moment>}(之前|前)

approximate:
    (大约|大概|差不多|约|约莫)

bound:
    (最晚|最迟|不晚于|不早于|最早|不迟于|不超过)

moment:
    10* <date>
    7* <clock>
    5* <date><clock>
    3* <part-of-day><bare-clock>
    1* <part-of-day>
    4* <date><part>
    3* <date><part-clock>
    1* <date><blank><clock>
    1* <date>的<part>
    1* <part>
    1* <vague>

day-moment:
    5* <date>
    3* <part-of-day>

part-of-day:
    3* (今|明|当)(晚|早)
    2* <near-day><part>
    1* (后天|今天|明天|周末)(晚|早)

date:
    7* <month-day>
    5* <near-day>
    6* <week-day>
    2* <day-of-month>
    2* <feast>
    1* <month-day><week-day-bare>
    1* <week-day-bare><month-day>
    1* <year>年<month-day>
    1* <slashed>
    1* <iso>
    1* (<near-day>|<month-day>)[，|,|（]<week-day-bare>

month-day:
    5* <month-numeral>月<day-numeral>(日|号)
    4* <month-han>月<day-han>(日|号)
    1* (下个月|这个月|本月|下月)(<day-numeral>|<day-han>)(日|号)
    1* <month-numeral>月<day-numeral>
    1* 农历<month-han>月初(一|三|八|十)

day-of-month:
    3* <day-numeral>(号|日)
    2* <day-han>(号|日)

near-day:
    3* 今天
    6* 明天
    4* 后天
    1* 大后天
    1* (今日|明日|后日|隔天|当天|次日|翌日|第二天)
    1* (两|三|3|五|十)天后
    1* (现在|一周后|两个星期后|一个月后|今年)

week-day:
    3* <week><week-number>
    3* (下|下个|这个|这|本)<week><week-number>
    1* 下下<week><week-number>
    2* [这个|这|本|下个|下]周末
    1* (下个|下|这)(星期|礼拜)
    1* (下周|下星期|下个礼拜|这周|本周)

week-day-bare:
    <week><week-number>

week:
    5* 周
    4* 星期
    3* 礼拜

week-number:
    8* (一|二|三|四|五|六|日)
    1* 天
    1* (1|2|3|4|5|6)

vague:
    2* (月底|月初|月中|下月初|下个月|下个月初|这个月底|本月底|下月底|年底|年初|下旬|年末|明年)
    1* <month-numeral>月(初|底|中旬|上旬|下旬|份)
    1* <month-han>月(初|底|中旬|上旬|下旬|份)
    1* (暑假|寒假|夏天|冬天|春天|秋天|放假)
    1* (明年|今年)<month-han>月

feast:
    (国庆|国庆节|春节|中秋|中秋节|元旦|圣诞节|清明|清明节|端午节|端午|五一|十一|除夕|大年初一|大年三十|平安夜|情人节|劳动节|元宵节|重阳节|双十节|跨年|感恩节|复活节|儿童节|七夕|圣诞|过年)[假期|那天|]
    (过年|春节|国庆|圣诞节)(前|)

clock:
    20* <bare-clock>
    8* <part-clock>
    1* (中午|正午|午夜|半夜|零点)

bare-clock:
    5* <hour>点
    5* <hour-han>点
    2* <hour>点半
    3* <hour-han>点半
    1* <hour>点<minute>(分|)
    2* <hour-han>点<minute-han>(分|)
    1* <hour-han>点一刻
    1* <hour-han>点(钟|整)
    3* <time24>
    1* <hour>时<minute>分
    1* <hour>时
    1* <hour>(pm|am)

part-clock:
    5* <part><hour>点
    6* <part><hour-han>点
    2* <part><hour>点半
    4* <part><hour-han>点半
    3* <part><time12>
    1* <part><hour>点<minute>[分]
    2* <part><hour-han>点<minute-han>[分]
    1* <part><hour-han>点(钟|整|一刻)
    1* 中午(12点|十二点|12:30|十二点半)

part:
    6* (早上|上午|下午|晚上)
    2* (凌晨|清晨|中午|傍晚|早晨|夜里|晚间|深夜|午后|一大早|半夜)

hour:
    (1|2|3|4|5|6|7|8|9|10|11|12)

hour-han:
    (一|两|三|四|五|六|七|八|九|十|十一|十二)

minute:
    (10|15|20|30|40|45|50)

minute-han:
    (十|十五|二十|三十|四十|四十五|五十|零五|二十五|三十五|五十五)

month-numeral:
    (1|2|3|4|5|6|7|8|9|10|11|12)

month-han:
    (一|二|三|四|五|六|七|八|九|十|十一|十二)

day-han:
    (一|二|三|四|五|六|七|八|九|十|十一|十二|十三|十四|十五|十六|十七|十八|十九|二十)
    二十(一|二|三|四|五|六|七|八|九)
    (三十|三十一|廿三|廿八)
"""
