"""Chinese sentences of people who book journeys, in simplified characters and in traditional."""

from functools import cache, partial
from random import Random

from opencc import OpenCC

from training.grammar.chinese_chatter import CHATTER
from training.grammar.chinese_filler import FILLER
from training.grammar.chinese_times import TIMES
from training.grammar.companies import chinese_carrier
from training.grammar.gazetteer import ChinesePlaces
from training.grammar.rules import Grammar, Maker
from training.grammar.sentence import Piece

RULES = """
sentence:
    34* [<opener>]<request><end-or-ask>
    8* [<opener>]<request><sep><follow-up><end>
    14* [<opener>]<wish-to-go><end>
    5* [<opener>]<wish-to-go><sep><follow-up><end>
    8* [<opener>]<arrive><end>
    7* [<opener>]<leave><end>
    5* [<opener>]<return><end>
    7* <telegram><end>
    2* <form><end>
    9* <answer><end>
    6* <correction><end>
    6* <remark><end>
    5* <remark><sep><remark><end>
    2* <remark><sep><remark><sep><remark><end>
    2* <courtesy><sep><answer><end>
    2* <courtesy><sep><remark><end>
    2* <courtesy><sep><correction><end>
    2* <about-me><sep><request><end>
    2* <wish><sep><request><end>
    2* <filler><sep><request><end>
    2* <request>，<reason><end>
    1* <filler><sep><remark><end>
    1* <filler-question>？<remark><end>
    2* <courtesy><sep><request><end>

follow-up:
    4* <remark>
    2* <remark><sep><remark>
    1* <wish>
    1* <courtesy>
    2* <answer>
    1* <filler>
    1* <filler-question>

end-or-ask:
    6* 。
    5*
    4* ？
    3* 吗？
    2* ，谢谢
    2* 吧
    1* ，麻烦了
    1* ，谢谢。
    1* ！

opener:
    3* (你好|您好|请问|麻烦|哈喽|嗨|不好意思|请问一下|麻烦你|早上好|那|那么|对了)(，|,|)
    1* (好的|嗯|对|是的|行|可以|ok|好)(，|,|<blank>)

# --- places, companies, classes and people -----------------------------------------------------

D:
    <destination=place>

P:
    <place_of_departure=place>

C:
    <carrier=company>

S:
    <seat_class=class>

class:
    8* (经济舱|商务舱|头等舱)
    2* (公务舱|豪华经济舱|超级经济舱|高端经济舱|特惠经济舱|尊尚经济舱)
    3* (一等座|二等座|商务座|特等座)
    2* (硬座|软座|硬卧|软卧|卧铺|动卧)
    1* (头等|商务|经济)
    1* (商务车厢|标准车厢|一等舱|二等舱|豪华舱|普通舱|标准座|自由席|指定席|绿色车厢|皇玺桂冠舱)

N:
    <passengers=count>

count:
    6* (一|两|三|四|五)
    5* (1|2|3|4|5)
    2* (六|七|八|九|十|十二|6|7|8|10|12)

G:
    <passengers=groups>

groups:
    3* <count>(大|大人)<count>小
    3* <count>(个|位|名|)(大人|成人|成年人)<count>(个|位|名|)(小孩|儿童|孩子|婴儿|老人|小朋友)
    2* <count>(个|位|名)(大人|成人)(和|加|，|、|跟|带)<count>(个|位|名)(小孩|儿童|孩子|婴儿|小朋友)
    1* <count>大<count>小<count>婴
    1* 成人<count>(位|名|)(，|、|)儿童<count>(位|名|)

ticket-count:
    5* <N>张
    1* <N>个(座位|位子|位置)的
    1* <G>的

for-people:
    4* <N>个人
    2* <N>(位|名|个)
    1* <N>人
    2* (我们|一共|总共|我们一共|就|全家)<N>(个人|人|个|位)
    1* <G>
    1* <N>(位|名)(乘客|旅客|成人|大人)
    1* 一家<N>口

# --- the thing to book --------------------------------------------------------------------------

thing:
    10* [<kind>]<ticket>
    2* <S>(的|)<ticket>
    2* <C>(的|)[<kind>]<ticket>
    1* <C>(的|)<S>(的|)[<ticket>]
    1* [<kind>]<S>

kind:
    3* (单程|往返|来回|直飞|双程)
    1* (便宜的|最便宜的|最早的|最晚的|最快的|特价|直达|下一班|末班|头班|早班|夜间|第一班|最后一班)

ticket:
    6* (机票|飞机票|票|车票|火车票|高铁票)
    5* (航班|班机|飞机|高铁|火车)
    2* (大巴|长途车|巴士|客运|动车|动车票|列车|船票|汽车票|大巴票|班次|车|客车)

# --- how the journey goes -----------------------------------------------------------------------

route:
    8* 从<P>(到|去|飞|飞往|前往|至|往|开往|回)<D>
    1* 从<P>出发(到|去|飞|前往|飞往)<D>
    1* 由<P>(到|去|飞|飞往|前往|开往|出发去)<D>
    5* <P>(到|飞|至|去|飞往|直飞|往|开往|—|-|－|→)<D>
    1* 自<P>(至|到|飞)<D>
    1* <P>出发(到|去|飞)<D>

to:
    6* (去|到|飞|飞往|前往|往|至|开往)<D>
    1* 直飞<D>
    1* 目的地(是|为|)<D>

from:
    4* 从<P>(出发|走|起飞|上车|离开|)
    1* (<P>出发|<P>起飞|由<P>出发|在<P>上车|自<P>出发)

dep:
    12* <time_of_departure=when>
    2* <time_of_departure=when>(出发|走|起飞|动身|启程|开车|发车|离开|开)
    1* (出发时间|出发日期|出发)(是|在|为|)<time_of_departure=when>

arr:
    3* <time_of_arrival=when>(到|到达|抵达|落地|降落|能到|要到|到站|能到达)
    3* <time_of_arrival=by-when>(到|到达|抵达|落地|能到|要到|必须到|赶到|降落)
    1* (到达时间|抵达时间|到达)(是|在|为|)<time_of_arrival=when>

ret:
    4* <time_of_return=when>(回来|返回|回程|返程|回|返|回家|飞回来|回去|要回来|再回来)
    3* (回程|返程|返回|回来|回程票|返程日期|回程时间)(是|在|要|为|：|)<time_of_return=when>

by-company:
    4* (坐|搭|乘|搭乘|乘坐|坐的是|选)<C>[的航班|的飞机|的班机]
    2* <C>(的|的航班|的班机|的飞机)
    1* (要|最好是|只要|优先|最好坐|希望是)<C>[的]
    1* <C>

seated:
    4* <S>
    2* (坐|要|订|买|选|想坐|最好是)<S>[的]
    1* <S>(的|就行|座位|的座位|的位子)

aside:
    2* (在|经|经过|经由|途经|从)<place>(转机|中转|转车|停留|停<count-word>晚|换乘|转)
    2* (出差|旅游|玩|开会|看朋友|探亲|度假|参加婚礼|度蜜月|看病|留学|玩<count-word>天|面试|谈生意|看展|上学)
    1* (不转机|直飞|便宜一点|越便宜越好|价格<digits>以内|不要红眼航班|带<count-word>件行李|单程|往返|要靠窗|带一只猫)

# --- asking for it ------------------------------------------------------------------------------

request:
    7* <find>[<ticket-count>]<dep><route>的[<by-or-class>]<thing>
    6* <find>[<ticket-count>]<route><dep>的[<by-or-class>]<thing>
    5* <find>[<ticket-count>]<dep>(去|到|飞|飞往|前往)<D>的[<by-or-class>]<thing>
    3* <find>[<ticket-count>](去|到|飞|飞往|前往)<D>的[<by-or-class>]<thing>
    3* <find>[<ticket-count>]<route>的[<by-or-class>]<thing>
    2* <find>[<ticket-count>](从|)<P>(出发|起飞|)的<thing>
    2* <find>[<ticket-count>]<time_of_departure=when>的<thing>
    2* <find>[<ticket-count>]<time_of_departure=when>(从|)<P>(出发|起飞|离开)的<thing>
    1* <find>[<ticket-count>]<time_of_departure=when>离开<P>的<thing>
    2* <find>[<ticket-count>](去|到|飞|前往)<D>(，|)<time_of_departure=when>(的|出发|出发的|走)
    2* <find>[<ticket-count>]<time_of_arrival=by-when>(到|到达|抵达|能到)<D>的<thing>
    2* <find>[<ticket-count>]<time_of_arrival=when>(到达|抵达|降落在|到)<D>的<thing>
    1* <find>[<ticket-count>]<route>(，|)<arr>的<thing>
    2* <find><route>的<thing>，~,(<dep>|[<for-people>]|[<seated>]|[[<by-company>]]|[[<ret>]])
    2* <find><thing>，~,(<route>|<dep>|[<for-people>]|[<seated>]|[[<by-company>]])
    2* <find>[<ticket-count>]<thing>，~,(<to>|[<from>]|<dep>|[[<for-people>]]|[[<seated>]]|[[<by-company>]])
    2* <dep><route>，<find>[<ticket-count>]<thing>
    2* ~,(<dep>|<route>)(，|)<find>[<ticket-count>]<thing>
    2* <find>[<ticket-count>]<dep><route>的<thing>，<ret>
    1* <find><time_of_departure=date>(去|出发|走)(，|、|)<time_of_return=date>(回|回来|返回)的[<P>(到|飞)<D>的]<thing>
    1* <find><route>(，|)<time_of_departure=date>到<time_of_return=date>的(来回|往返)(机票|票|航班)
    2* <find>[<ticket-count>]<C>(<route>|去<D>|飞<D>)的<thing>
    1* <find>[<ticket-count>]<S>，(<route>|去<D>)[，<dep>]
    2* <C>(有没有|有|有无)[<dep>](<route>|飞<D>|去<D>|到<D>)的<thing>
    3* [<dep>](<route>|去<D>|到<D>|飞<D>)(有没有|还有没有|有|还有|有什么|有哪些)<thing-or-not>
    2* [<dep>](<route>|去<D>|到<D>|飞<D>)(的|)<thing>(多少钱|有吗|还有吗|怎么买|几点有|贵吗|有没有|什么价|有哪些|还有票吗)
    2* [<dep>]<route>(最早|最晚|最便宜|下一班|第一班|最后一班)(的|)<ticket>(是几点|几点|是什么时候|多少钱)
    1* (怎么|如何)[<dep>]<route>(最快|最方便|最便宜|)
    2* (去|到|从<P>去|从<P>到)<D>(怎么走|怎么去|怎么坐车|怎么走最快|坐什么车|要转车吗|怎么飞)
    1* <C>(飞不飞|飞|去不去|去|到)<D>(吗|)
    1* <C>(便宜吗|贵吗|准点吗|好不好|怎么样|的价格|有折扣吗)
    1* <N>个人去<D>(要多少钱|多少钱|怎么走)
    1* 买张(去|到)<D>的<ticket>
    1* <find><N>张<ticket>
    1* <find><N>张<S>(的|)[<ticket>]
    1* <find><S>(的|)<ticket>
    1* <find><C>的<ticket>
    1* <find>[<ticket-count>](<route>|去<D>|到<D>)的<time_of_departure=clock>的<ticket>
    1* (<route>|去<D>|到<D>)的<ticket>[要|来|订]<N>张[，<time_of_departure=when>的]
    2* <D>的<ticket>[，从<P>(走|出发)]，~,([<dep>]|[<by-company>]|[<seated>]|[<for-people>])
    1* <find><route>的<ticket>(，|)<aside>
    1* <find><N>位<dep><route>

thing-or-not:
    3* <thing>[吗]
    1* 票吗

find:
    5* (帮我|请帮我|麻烦帮我|可以帮我|能帮我|能不能帮我|帮忙|请|麻烦|可不可以帮我|请你帮我|给我)(订|预订|买|查|找|查一下|看一下|订一下|预定|定|搜索|查询|查查|看看|找一下|安排|抢|购买)
    4* (我想|我要|我想要|我需要|我打算|我们想|我们要|想|要|我得|我希望|我准备|本人想)(订|预订|买|查|找|看|预定|定|查询|查一下|买一下|坐|搭)
    2* (有没有|有|还有|有没有什么|还有没有|是否有|有无)
    2* (我想要|我要|我需要|来|要|需要|给我来|想要)
    2* (订|预订|买|查|找|查一下|搜|看看|预定|查询|求)
    1* (帮|替)(我妈|我老板|我朋友|我们|客户|同事|她)(订|买|查)

# What joins two kinds of the same ticket.
by-or-class:
    1* <C>
    1* <S>
    1* <C>的

# --- wanting to go ------------------------------------------------------------------------------

wish-to-go:
    6* <want>[<dep>]<route>
    3* <want>[<dep>](从|由)<P>(坐|搭|乘)(飞机|火车|高铁|大巴|巴士|动车)(到|去|前往)<D>
    6* <want><time_of_departure=when>(去|飞|前往|飞往|到)<D>[<purpose>]
    3* <time_of_departure=when><want>(去|飞|前往|飞往)<D>[<purpose>]
    3* <time_of_departure=when><want><route>
    3* <want>(去|飞|前往|到)<D>[<purpose>][，<dep>][，<for-people>]
    3* <want>[<dep>](坐|搭|乘|搭乘|乘坐)<C>[的飞机|的航班|的班机](从<P>|)(去|飞|到|前往|飞往)<D>
    2* <want>(坐|搭|乘|搭乘|乘坐)<S>[<dep>](去|飞|到|前往|飞往)<D>
    2* <want><dep>(去|飞)<D>，<ret>
    2* <want><time_of_departure=when>(出发|走|动身)(去|到|飞|前往)<D>
    2* <want>(从|由)<P><time_of_departure=when>(出发|走|飞|去|到)<D>
    1* <route>，<dep>，<want><for-people>
    1* <want>带(家人|父母|孩子|老婆|女朋友|客户)(去|到)<D>[<purpose>][，<dep>]
    1* (我们|咱们)<N>个(人|)[<dep>](去|飞|到|从<P>到)<D>
    1* <N>个人[<dep>](去|飞|到|从<P>到)<D>
    1* (去|飞|到)<D>，<dep>，~,([<from>]|[<for-people>]|[<seated>])
    1* (送|带)我(去|到)<D>
    1* (想|打算)(去|到)<D><aside>
    1* <want><aside>，(去|到)<D>，<dep>
    1* <time_of_departure=when>(去|到)<D>(可以吗|来得及吗|有车吗|方便吗|有飞机吗)
    1* 我(在|现在在|人在)<P>，(想|要|得)[<dep>](去|到|飞)<D>

purpose:
    (玩|旅游|出差|开会|旅行|看朋友|度假|探亲|参加婚礼|看展|办事|学习|玩几天|度蜜月|面试)

want:
    8* (我想|我要|我想要|我打算|我准备|我计划|我得|我希望|我需要|我们要|我们想|我们打算|我会|我|我们|我将|咱们|我跟朋友|我和老婆|我老板要|我妈想|公司安排我|我预计|我可能|我必须|我们全家)
    2* (想|要|打算|准备|计划|得|需要|预计)

# --- arriving, leaving, returning ---------------------------------------------------------------

arrive:
    6* <want><time_of_arrival=when>(到达|抵达|到达|抵|落地|降落在|降落|到)<D>
    5* <want><time_of_arrival=by-when>(到|到达|抵达|赶到|飞到|回到|去到)<D>
    2* <time_of_arrival=by-when>(要|得|必须|必需|一定要|需要|想|能)(到|到达|抵达|赶到)<D>
    3* <time_of_arrival=when><want>(到达|抵达)<D>
    2* <time_of_arrival=when>(到达|抵达|到)<D>[的<thing>]
    1* (请|麻烦|务必)<time_of_arrival=by-when>(到|抵达|到达|送我到)<D>
    2* <want>(到达|抵达)<D>的时间(是|为|在)<time_of_arrival=when>
    1* (到达|抵达)<D>(的时间|时间)(是|要|为|最好是|)<time_of_arrival=when>
    2* <want>(到达|抵达)<D>
    2* <want><dep>(从|离开)<P>(出发|)(，|)<time_of_arrival=when>(到|到达|抵达)<D>
    2* <time_of_departure=when>(离开|从)<P>(出发|)(，|)<time_of_arrival=by-when>(到|到达|抵达)<D>
    2* <route>(，|)<arr>
    2* <want><arr>
    1* (飞机|火车|航班|高铁|车)(要|必须|得|最好|)<arr>
    1* (能不能|可以|能|可否)<time_of_arrival=by-when>(到|到达|抵达)[<D>]
    1* 有没有<time_of_arrival=when>(到|到达|抵达)<D>的<ticket>
    1* <want>(在|)<D>(过|待到)<time_of_arrival=feast>

leave:
    6* <want><time_of_departure=when>(从|由|自)<P>(出发|起飞|走|动身|离开|启程|飞|)
    5* <want><time_of_departure=when>离开<P>
    3* <time_of_departure=when><want>离开<P>
    3* <time_of_departure=when>(从|由|自)<P>(出发|起飞|走|动身|启程)
    2* (从|由|自)<P>(出发|起飞|走)(，|)<time_of_departure=when>
    2* (从|由|自)<P><time_of_departure=when>(出发|起飞|走)
    2* <time_of_departure=when>离开<P>[的<thing>]
    2* <want><time_of_departure=when>(出发|走|动身|启程|起飞|上路)
    2* <want>离开<P>[，去<D>]
    1* <want>从<P>(出发|走|起飞|上车|登机)
    1* <time_of_departure=when><P>(出发|起飞|发车)
    1* <want><time_of_departure=when>(从|在)<P>(上车|登机|坐车|坐飞机|起飞)
    1* <time_of_departure=when>离开<P>(去|到|前往|飞)<D>

return:
    4* <want><time_of_return=when>(回来|返回|回|回程|返程|回家|飞回来|回去)
    3* <time_of_return=when><want>(回来|返回|飞回来|回去)
    3* (回程|返程|返程票|回程票|回来|回程时间|返程时间|回程日期|回程航班|回程机票)(是|要|在|订|定在|改到|选|为|)<time_of_return=when>
    3* <time_of_departure=when>(去|出发|走|出去)(，|、|)<time_of_return=when>(回|回来|返回|返|回程)
    2* (去程|出发|去)(是|)<time_of_departure=when>(，|、|)(回程|返程|回来|返回|回)(是|)<time_of_return=when>
    1* <want><time_of_departure=when>(去|飞)<D>，<time_of_return=when>(回|回来|返回|飞回来)
    1* (去|飞|到)<D>，<time_of_departure=when>(去|走|出发)，<time_of_return=when>(回|回来|返回)
    1* <D>(来回|往返)，<time_of_departure=date>(到|至|-|—)<time_of_return=date>
    1* <want><time_of_return=when>从<D>(回来|返回|飞回来|回去)
    1* (待到|玩到|住到|呆到)<time_of_return=date>(再|才|就|)(回来|回)

# --- telegrams and forms ------------------------------------------------------------------------

telegram:
    5* <P>(到|飞|至|-|—|→|－|去)<D>[(，|<blank>|)<time_of_departure=moment>]
    3* <time_of_departure=moment>(，|<blank>|)<P>(到|飞|至|-|—|→|去)<D>
    2* <time_of_departure=moment>(去|飞|到)<D>
    2* <time_of_departure=moment>(，|<blank>)<D>
    2* <P>(，|<blank>)<D>(，|<blank>)<time_of_departure=moment>
    2* ~,(<P>(到|飞)<D>|<time_of_departure=moment>|[<for-people>]|[<S>]|[[<C>]]|[<N>张])
    2* ~,((去|飞|到)<D>|<time_of_departure=moment>|[<for-people>]|[<S>]|[[<C>]]|[<N>张])
    2* ~,(<time_of_departure=moment>(走|去|出发)|<time_of_return=moment>(回|回来|返))
    2* <D>，<time_of_departure=moment>(走|去|出发)，<time_of_return=moment>(回|回来|返)
    2* <P>(到|飞)<D>，<time_of_departure=moment>(走|去|出发)，<time_of_return=moment>(回|回来|返)
    1* <D>(机票|车票|火车票|航班|高铁)[，<time_of_departure=moment>]
    1* <P><D>(机票|车票|航班|高铁|火车)
    1* <P>(到|飞|去)<D>(机票|车票|火车票|航班|高铁|的)[<N>张]
    1* <N>张<P>(到|飞|去)<D>[，<time_of_departure=moment>]
    1* <N>张(去|到)<D>的[，<time_of_departure=moment>]
    1* <C><P>(到|飞)<D>
    1* <C>，<D>，<time_of_departure=moment>

form:
    3* ~,(<form-from>|<form-to>|<form-departure>|[<form-return>]|[<form-people>]|[<form-class>]|[[<form-carrier>]])
    2* ~,(<form-from>|<form-to>|[<form-arrival>]|[<form-people>])
    1* (<form-from>|<form-to>|<form-departure>|<form-arrival>|<form-return>|<form-people>|<form-class>|<form-carrier>)

form-from:
    (出发地|出发城市|起点|始发站|始发地|出发|出发站|起飞机场|出发机场|上车地点|起飞地)(是|：|:|为|)<P>

form-to:
    (目的地|到达城市|终点|终点站|到达地|目的地城市|抵达城市|到达站|到达机场|下车地点|抵达地)(是|：|:|为|)<D>

form-departure:
    (出发日期|出发时间|去程|日期|启程时间|起飞时间|出发|发车时间|去程日期|时间|搭乘日期|乘车日期)(是|：|:|为|)<time_of_departure=moment>

form-arrival:
    (到达时间|抵达时间|到达日期|落地时间|抵达日期|到站时间|降落时间)(是|：|:|为|)<time_of_arrival=moment>

form-return:
    (回程|返程|返回日期|回程日期|返程时间|回程时间|返回时间|回来时间)(是|：|:|为|)<time_of_return=moment>

form-people:
    (人数|乘客|乘客人数|张数|旅客|乘客数|票数)(是|：|:|)(<N>[人|位|张|名|个人]|<G>)

form-class:
    (舱位|座位|舱等|座位等级|席别|座席|座位类型|舱级)(是|：|:|)<S>

form-carrier:
    (航空公司|公司|承运人|航司|客运公司)(是|：|:|)<C>

# --- answers, corrections, remarks --------------------------------------------------------------

answer:
    4* <D>[吧|的|谢谢]
    3* (去|到|飞)<D>[吧|的]
    4* 从<P>(出发|走|起飞|)[吧|的]
    1* <P>出发
    6* <time_of_departure=when>[吧|出发|走|的|可以|就行|就好|最好]
    2* <time_of_return=when>(回来|回|返回|回程)[吧|的]
    2* <time_of_arrival=by-when>(到|到达|抵达)[吧|就行|就可以]
    4* <for-people>[吧|的]
    2* <N>张[吧|票|谢谢|就够了|就行]
    3* <S>[吧|的|就行|就好|谢谢]
    2* <C>[吧|的|就行|谢谢]
    1* (坐|搭)<C>[吧|的]
    1* (就|大概|可能|应该是|大概是|是|那就|就定)<time_of_departure=when>[吧]

correction:
    3* [<oops>](改成|改到|换成|换到|我是说|我说的是|改为|应该是)<time_of_departure=when>[吧|的|出发]
    2* [<oops>](目的地|终点)(改成|改到|换成|改为)<D>[吧]
    2* [<oops>](出发地|起点)(改成|改到|换成|改为)<P>[吧]
    2* [<oops>](回程|返程|回来的时间|回程日期)(改成|改到|换成|改为)<time_of_return=when>[吧]
    1* [<oops>](出发时间|去程|日期|时间)(改成|改到|换成|改为)<time_of_departure=when>[吧]
    1* [<oops>](到达时间|抵达时间)(改成|改到|换成|改为)<time_of_arrival=when>[吧]
    2* [<oops>]不是(从|)<place>，是从<P>[出发]
    2* [<oops>]不是(去|到|)<place>，是(去|到)<D>
    1* [<oops>](是|我要去|应该是去|我要到)<D>，不是<place>
    2* [<oops>](改成|换成|升级到|升到|要|改为)<S>[吧]
    2* [<oops>](改成|换成|改坐|要坐|换)<C>[吧]
    2* [<oops>](改成|应该是|是|要)<N>(个人|张|位|张票)[吧]
    1* [<oops>]再(加|来|要)<N>(张|个人|位)
    1* 那<time_of_departure=when>(呢|有吗|怎么样|可以吗|行吗|的呢)
    1* 那(去|到|飞|)<D>(呢|的呢)
    1* (能|可以|可不可以|能不能)(改成|换成|改到)<time_of_departure=when>(吗|的吗|)
    1* (能|可以|可不可以|能不能)(从<P>出发|从<P>走|从<P>飞)(吗|)

oops:
    (不对|不|不好意思|错了|等一下|哦|不是|抱歉|对不起|啊|我说错了|还是|等等)(，|<blank>|)

remark:
    3* [我|我们|我的|最终](目的地|终点)(是|为)<D>
    1* <D>(是我的目的地|是终点|是我要去的地方)
    3* [我|我们|我的](出发地|起点|始发地|出发城市)(是|为)<P>
    2* [我|我们](从|由)<P>(出发|走|起飞|上车|过去|飞)[<time_of_departure=when>]
    2* [我|我们](去|飞|到|前往)<D>
    3* [我|我们|打算|想|希望|最好|计划]<time_of_departure=when>(出发|走|起飞|动身|离开)
    1* (出发时间|出发日期|去程|航班时间)(是|在|定在|最好是|)<time_of_departure=when>
    3* (我们|一共|总共|我们一共|就|全家|共|有|人数是|我们有)<N>(个人|人|位|个)
    1* (需要|要|订|买|来|给我|总共要)<N>张[票|机票|车票]
    1* (就|只有)我<N>个(人|)
    2* [我们|一共|有|总共]<G>
    3* [我|我们](要|想要|想坐|坐|喜欢|希望坐|需要|订|只坐|买)<S>[的|的票|座位]
    1* <S>(就行|就可以|有吗|优先|的票|也可以|多少钱)
    3* [我|我们](要|想坐|坐|搭|想搭|喜欢坐|希望坐|只坐|乘坐|最好坐|通常坐|偏好)<C>[的航班|的飞机|的班机|的]
    1* <C>(就行|优先|最好|也可以|的会员|有吗)
    1* 航空公司(要|选|最好是|是)<C>
    2* [我|我们|必须|要|得|最好|希望]<time_of_arrival=by-when>(到|到达|抵达|落地|要到)[那边|那里|目的地|]
    2* [我|我们|预计|希望]<time_of_arrival=when>(到达|抵达|落地|到那边)
    3* [我|我们|打算|预计|计划|然后|再]<time_of_return=when>(回来|返回|回|返程|回程|飞回来|回去)
    2* (回程|返程|回来)(是|在|要|定在|选|)<time_of_return=when>
"""


def _digits(random: Random) -> str:
    return str(random.randint(100, 10 ** random.choice((3, 4, 11)) + 100))


def _numeral_to(largest: int, random: Random) -> str:
    return str(random.randint(1, largest))


def _slashed(random: Random) -> str:
    mark = random.choice("//-.")
    return f"{random.randint(1, 12)}{mark}{random.randint(1, 31)}"


def _year(random: Random) -> str:
    return str(random.randint(2019, 2035))


def _iso(random: Random) -> str:
    return f"{_year(random)}-{random.randint(1, 12):02}-{random.randint(1, 31):02}"


def _time(hours: int, random: Random) -> str:
    mark = random.choice(":::：")
    return f"{random.randint(1, hours)}{mark}{random.choice((0, 15, 30, 45, 20, 50)):02}"


@cache
def _converter(configuration: str) -> OpenCC:
    return OpenCC(configuration)


def simplified(text: str) -> str:
    return str(_converter("t2s").convert(text))


# Taiwan's characters with its words for things, Taiwan's characters alone, and Hong Kong's.
TRADITIONAL = ("s2twp", "s2tw", "s2hk")


def in_traditional(pieces: list[Piece], random: Random) -> list[Piece]:
    converter = _converter(random.choice(TRADITIONAL))
    taipei = random.choice(("台", "臺"))
    return [
        Piece(str(converter.convert(piece.text)).replace("臺", taipei), piece.slot)
        for piece in pieces
    ]


PLACES = ChinesePlaces(simplified)

MAKERS: dict[str, Maker] = {
    "place": PLACES.place,
    "company": partial(chinese_carrier, PLACES.city),
    "digits": _digits,
    "age": partial(_numeral_to, 99),
    "day-numeral": partial(_numeral_to, 31),
    "slashed": _slashed,
    "year": _year,
    "iso": _iso,
    "time12": partial(_time, 12),
    "time24": partial(_time, 23),
    "blank": lambda _: " ",
}

COMMAS = ("，", "，", "，", "，", "、", "。", ",", " ", "；", "")

GRAMMAR = Grammar(RULES + TIMES + CHATTER + FILLER, MAKERS, blank="", commas=COMMAS)
