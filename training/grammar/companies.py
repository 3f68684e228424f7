"""Who carries: airlines, railways and coach companies, and names made up like theirs."""

from collections.abc import Callable
from random import Random

CARRIERS = tuple(
    name.strip()
    for name in """
    EVA Air, EVA, Eva Airways, China Airlines, Starlux, Starlux Airlines, Tigerair, Tigerair Taiwan,
    Mandarin Airlines, Uni Air, Air China, China Eastern, China Eastern Airlines, China Southern,
    China Southern Airlines, Hainan Airlines, Xiamen Airlines, Shenzhen Airlines, Sichuan Airlines,
    Spring Airlines, Juneyao Airlines, Shandong Airlines, Cathay Pacific, Cathay, HK Express,
    Hong Kong Airlines, Air Macau, Japan Airlines, JAL, ANA, All Nippon Airways, Peach, Peach Aviation,
    Jetstar, Jetstar Japan, Skymark, Zipair, Korean Air, Asiana, Asiana Airlines, Jeju Air, Jin Air,
    T'way Air, Air Busan, Singapore Airlines, Scoot, Malaysia Airlines, AirAsia, Air Asia, AirAsia X,
    Batik Air, Thai Airways, Thai Lion Air, Nok Air, Bangkok Airways, Vietnam Airlines, VietJet,
    VietJet Air, Bamboo Airways, Philippine Airlines, PAL, Cebu Pacific, Garuda Indonesia, Garuda,
    Lion Air, Citilink, Royal Brunei, Air India, IndiGo, SpiceJet, Vistara, Akasa Air, GoAir,
    SriLankan Airlines, SriLankan, Biman Bangladesh, Nepal Airlines, PIA, Emirates, Etihad,
    Etihad Airways, Qatar Airways, Qatar, Flydubai, Air Arabia, Saudia, Gulf Air, Oman Air,
    Kuwait Airways, Royal Jordanian, Middle East Airlines, El Al, Turkish Airlines, Turkish, Pegasus,
    Pegasus Airlines, SunExpress, EgyptAir, Royal Air Maroc, Tunisair, Ethiopian Airlines, Ethiopian,
    Kenya Airways, RwandAir, South African Airways, FlySafair, Air Mauritius, British Airways, BA,
    Virgin Atlantic, Virgin, easyJet, Easy Jet, Jet2, TUI, Loganair, Flybe, Ryanair, Aer Lingus,
    Air France, Transavia, KLM, KLM Royal Dutch Airlines, Lufthansa, Eurowings, Condor, Discover,
    Swiss, Swiss International Air Lines, Edelweiss, Austrian, Austrian Airlines, Brussels Airlines,
    Luxair, SAS, Scandinavian Airlines, Norwegian, Norwegian Air, Widerøe, Finnair, Icelandair, Play,
    airBaltic, LOT, LOT Polish Airlines, Wizz, Wizz Air, Czech Airlines, Smartwings, Tarom,
    Croatia Airlines, Air Serbia, Aegean, Aegean Airlines, Olympic Air, ITA Airways, Alitalia,
    Iberia, Iberia Express, Vueling, Air Europa, Volotea, TAP, TAP Portugal, TAP Air Portugal,
    SATA, Aeroflot, S7, S7 Airlines, Ural Airlines, Air Astana, Uzbekistan Airways, Azerbaijan Airlines,
    United, United Airlines, American, American Airlines, Delta, Delta Airlines, Delta Air Lines,
    Southwest, Southwest Airlines, JetBlue, Jet Blue, Alaska Airlines, Alaska, Spirit,
    Spirit Airlines, Frontier, Frontier Airlines, Allegiant, Allegiant Air, Hawaiian,
    Hawaiian Airlines, Sun Country, Breeze, Breeze Airways, Avelo, Cape Air, SkyWest, Air Canada,
    WestJet, Porter, Porter Airlines, Air Transat, Flair, Aeromexico, Aeroméxico, Volaris,
    Viva Aerobus, Copa, Copa Airlines, Avianca, LATAM, LATAM Airlines, GOL, Azul, Aerolineas Argentinas,
    JetSmart, Sky Airline, Caribbean Airlines, Cubana, Qantas, Virgin Australia, Jetstar Airways, Rex,
    Air New Zealand, Fiji Airways, Fiji Air, Air Tahiti Nui, Amtrak, Brightline, Via Rail, Greyhound,
    Megabus, FlixBus, Flixbus, BoltBus, Peter Pan, Trailways, RedCoach, Vonlane, National Express,
    Stagecoach, Citylink, Eurolines, BlaBlaBus, Ouibus, ALSA, RegioJet, Eurostar, Thalys, SNCF,
    Deutsche Bahn, DB, FlixTrain, ÖBB, SBB, NS, Trenitalia, Italo, Renfe, Iryo, Ouigo, Avanti,
    Avanti West Coast, LNER, GWR, Great Western Railway, ScotRail, CrossCountry, Southeastern, Lumo,
    Irish Rail, Bus Eireann, SJ, Vy, DSB, VR, PKP, PKP Intercity, MÁV, JR, JR East, JR Central, Korail,
    KTX, THSR, Taiwan High Speed Rail, IRCTC, Indian Railways, ADO, ETN, Primera Plus, Cruz del Sur
    """.replace("\n    ", " ").split(",")
)

# In simplified characters; EVA and the like stand in Chinese sentences as they are.
CHINESE_CARRIERS = tuple(
    ["长荣", "长荣航空", "长荣航", "华航", "中华航空", "星宇", "星宇航空", "台湾虎航", "虎航", "立荣", "立荣航空", "华信航空", "远东航空", "国航", "中国国航", "中国国际航空", "国际航空", "东航", "东方航空", "中国东方航空", "南航", "南方航空", "中国南方航空", "海航", "海南航空", "厦航", "厦门航空", "深航", "深圳航空", "川航", "四川航空", "山航", "山东航空", "春秋", "春秋航空", "吉祥", "吉祥航空", "上航", "上海航空", "首都航空", "祥鹏航空", "西部航空", "天津航空", "成都航空", "长龙航空", "奥凯航空", "华夏航空", "联合航空", "中联航", "昆明航空", "西藏航空", "九元航空", "青岛航空", "幸福航空", "国泰", "国泰航空", "港龙", "港龙航空", "香港航空", "香港快运", "快运航空", "澳门航空", "日航", "日本航空", "全日空", "全日空航空", "乐桃", "乐桃航空", "捷星", "捷星航空", "大韩航空", "韩亚航空", "济州航空", "真航空", "德威航空", "新航", "新加坡航空", "酷航", "马航", "马来西亚航空", "亚航", "亚洲航空", "狮航", "泰航", "泰国航空", "泰国国际航空", "曼谷航空", "泰国狮航", "越南航空", "越捷", "越捷航空", "菲律宾航空", "菲航", "宿务航空", "宿雾太平洋航空", "印尼鹰航", "鹰航", "印度航空", "靛蓝航空", "斯里兰卡航空", "阿联酋航空", "阿提哈德航空", "卡塔尔航空", "卡达航空", "沙特航空", "土耳其航空", "土航", "以色列航空", "埃及航空", "埃塞俄比亚航空", "肯尼亚航空", "南非航空", "英航", "英国航空", "维珍", "维珍航空", "易捷航空", "瑞安航空", "爱尔兰航空", "法航", "法国航空", "荷航", "荷兰皇家航空", "荷兰航空", "汉莎", "汉莎航空", "德航", "瑞航", "瑞士航空", "奥地利航空", "北欧航空", "挪威航空", "芬航", "芬兰航空", "冰岛航空", "波兰航空", "威兹航空", "意大利航空", "伊比利亚航空", "西班牙航空", "葡萄牙航空", "爱琴海航空", "俄航", "俄罗斯航空", "美联航", "联航", "美国联合航空", "美航", "美国航空", "达美", "达美航空", "西南航空", "捷蓝航空", "阿拉斯加航空", "夏威夷航空", "加航", "加拿大航空", "西捷航空", "墨西哥航空", "拉美航空", "南美航空", "巴拿马航空", "澳航", "澳洲航空", "维珍澳洲航空", "新西兰航空", "纽航", "斐济航空", "台湾高铁", "台铁", "台湾铁路", "国光客运", "统联", "统联客运", "和欣客运", "阿罗哈客运", "葛玛兰客运", "首都客运", "噶玛兰客运", "欧洲之星", "德国铁路", "德铁", "法铁", "EVA", "EVA航空", "ANA", "JAL", "KLM", "Emirates", "Delta", "AirAsia", "Scoot", "United", "Lufthansa", "Peach", "灰狗", "灰狗巴士"]
)

NAMES_BEFORE = ("Air", "Fly", "Trans", "Royal", "Nova", "Blue", "Sky", "Jet", "Aero", "Golden")
NAMES_AFTER = (
    *("Air", "Airlines", "Airlines", "Airways", "Airways", "Express", "Jet", "Wings", "Aviation"),
    *("Air Lines", "Connect", "Rail", "Railways", "Trains", "Coaches", "Bus", "Lines", "Travel"),
)
CHINESE_NAMES_AFTER = ("航空", "航空", "航空", "航空公司", "国际航空", "客运", "铁路", "航")


def carrier(place: Callable[[Random], str], random: Random) -> str:
    """Give a company's name; `place` names those that are made up."""
    draw = random.random()
    if draw < 0.82:
        return random.choice(CARRIERS)
    if draw < 0.88:
        return f"{random.choice(NAMES_BEFORE)} {place(random)}"
    return f"{place(random)} {random.choice(NAMES_AFTER)}"


def chinese_carrier(place: Callable[[Random], str], random: Random) -> str:
    """Give a company's name in simplified characters."""
    if random.random() < 0.85:
        return random.choice(CHINESE_CARRIERS)
    return place(random) + random.choice(CHINESE_NAMES_AFTER)
