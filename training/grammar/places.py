"""Places that a gazetteer lacks or names too seldom: the famous, the nicknamed, the stations."""

FAMOUS_CITIES = tuple(
    name.strip()
    for name in ["\n    Taipei", " Kaohsiung", " Taichung", " Tainan", " Hualien", " Tokyo", " Osaka", " Kyoto", " Nagoya", " Fukuoka", " Sapporo", "\n    Okinawa", " Seoul", " Busan", " Jeju", " Beijing", " Shanghai", " Guangzhou", " Shenzhen", " Chengdu", " Xi'an", " Hangzhou", "\n    Hong Kong", " Macau", " Singapore", " Kuala Lumpur", " Penang", " Kota Kinabalu", " Bangkok", " Phuket", " Chiang Mai", "\n    Hanoi", " Ho Chi Minh City", " Saigon", " Da Nang", " Manila", " Cebu", " Boracay", " Jakarta", " Bali", " Denpasar", "\n    Yogyakarta", " Phnom Penh", " Siem Reap", " Vientiane", " Yangon", " Mumbai", " Delhi", " New Delhi", " Bangalore", "\n    Chennai", " Kolkata", " Hyderabad", " Goa", " Jaipur", " Colombo", " Kathmandu", " Dhaka", " Karachi", " Lahore", " Islamabad", "\n    Dubai", " Abu Dhabi", " Doha", " Riyadh", " Jeddah", " Muscat", " Kuwait City", " Amman", " Beirut", " Tel Aviv", " Jerusalem", "\n    Istanbul", " Ankara", " Antalya", " Izmir", " Cairo", " Luxor", " Alexandria", " Marrakesh", " Marrakech", " Casablanca", "\n    Fez", " Tunis", " Algiers", " Lagos", " Accra", " Dakar", " Nairobi", " Mombasa", " Zanzibar", " Addis Ababa", " Kigali", "\n    Cape Town", " Johannesburg", " Durban", " London", " Manchester", " Birmingham", " Liverpool", " Leeds", " Bristol", "\n    Edinburgh", " Glasgow", " Cardiff", " Belfast", " Dublin", " Cork", " Galway", " Oxford", " Cambridge", " York", " Brighton", "\n    Bath", " Paris", " Nice", " Lyon", " Marseille", " Bordeaux", " Toulouse", " Strasbourg", " Lille", " Cannes", " Berlin", "\n    Munich", " Hamburg", " Frankfurt", " Cologne", " Stuttgart", " Düsseldorf", " Leipzig", " Dresden", " Heidelberg", "\n    Vienna", " Salzburg", " Innsbruck", " Zurich", " Geneva", " Basel", " Bern", " Lucerne", " Amsterdam", " Rotterdam", "\n    The Hague", " Utrecht", " Brussels", " Antwerp", " Bruges", " Ghent", " Luxembourg", " Copenhagen", " Stockholm", "\n    Gothenburg", " Oslo", " Bergen", " Tromsø", " Helsinki", " Reykjavik", " Tallinn", " Riga", " Vilnius", " Warsaw", " Krakow", "\n    Gdansk", " Prague", " Brno", " Bratislava", " Budapest", " Ljubljana", " Zagreb", " Split", " Dubrovnik", " Sarajevo", "\n    Belgrade", " Skopje", " Sofia", " Bucharest", " Athens", " Thessaloniki", " Santorini", " Mykonos", " Crete", " Corfu", "\n    Rhodes", " Rome", " Milan", " Venice", " Florence", " Naples", " Turin", " Bologna", " Pisa", " Verona", " Palermo", " Catania", "\n    Madrid", " Barcelona", " Seville", " Valencia", " Malaga", " Bilbao", " Granada", " Ibiza", " Mallorca", " Tenerife", " Lisbon", "\n    Porto", " Faro", " Madeira", " Malta", " Larnaca", " Moscow", " St. Petersburg", " Kyiv", " Lviv", " Minsk", " Tbilisi", "\n    Yerevan", " Baku", " Tashkent", " Almaty", " Ulaanbaatar", " New York", " New York City", " Los Angeles", " Chicago", "\n    Houston", " Phoenix", " Philadelphia", " San Antonio", " San Diego", " Dallas", " Austin", " San Jose", " Fort Worth", "\n    Jacksonville", " Columbus", " Charlotte", " San Francisco", " Indianapolis", " Seattle", " Denver", " Washington", "\n    Washington DC", " Boston", " El Paso", " Nashville", " Detroit", " Oklahoma City", " Portland", " Las Vegas", " Memphis", "\n    Louisville", " Baltimore", " Milwaukee", " Albuquerque", " Tucson", " Fresno", " Sacramento", " Kansas City", " Atlanta", "\n    Miami", " Orlando", " Tampa", " Cleveland", " New Orleans", " Minneapolis", " Honolulu", " Anchorage", " Pittsburgh", "\n    Cincinnati", " St. Louis", " Saint Louis", " Salt Lake City", " Raleigh", " Richmond", " Buffalo", " Newark", " Oakland", "\n    Burbank", " Long Beach", " Anaheim", " Boise", " Reno", " Spokane", " Santa Barbara", " Palm Springs", " Key West", " Aspen", "\n    Toronto", " Montreal", " Vancouver", " Calgary", " Ottawa", " Edmonton", " Quebec City", " Halifax", " Winnipeg", " Victoria", "\n    Mexico City", " Cancun", " Guadalajara", " Monterrey", " Tijuana", " Cabo San Lucas", " Puerto Vallarta", " Oaxaca", "\n    Havana", " San Juan", " Santo Domingo", " Punta Cana", " Kingston", " Montego Bay", " Nassau", " Panama City", " San José", "\n    Guatemala City", " Managua", " Bogotá", " Medellín", " Cartagena", " Quito", " Guayaquil", " Lima", " Cusco", " La Paz", "\n    Santiago", " Valparaíso", " Buenos Aires", " Mendoza", " Córdoba", " Montevideo", " Asunción", " São Paulo", " Sao Paulo", "\n    Rio de Janeiro", " Salvador", " Brasília", " Recife", " Manaus", " Caracas", " Sydney", " Melbourne", " Brisbane", " Perth", "\n    Adelaide", " Cairns", " Darwin", " Hobart", " Canberra", " Gold Coast", " Auckland", " Wellington", " Christchurch", "\n    Queenstown", " Nadi", " Papeete", " Guam", " Maldives", " Malé", " Mauritius", " Seychelles", " Maui", " Kona", " Hawaii\n    "]
)

NICKNAMES = tuple(
    name.strip()
    for name in ["\n    NYC", " New York City", " LA", " L.A.", " SF", " San Fran", " Frisco", " Vegas", " Philly", " DC", " D.C.", " Washington D.C.", "\n    Washington", " DC", " Chi-town", " ATL", " Big Apple", " KL", " CDMX", " Ciudad de Mexico", " HK", " SG", " BKK", " Nola", " SLC", " SD", "\n    Bombay", " Calcutta", " Madras", " Peking", " Rio", " BA", " Jo'burg", " Cologne", " Köln", " München", " Wien", " Roma", " Firenze", "\n    Lisboa", " Praha", " Warszawa", " København", " Genève", " Den Haag", " St. Pete", " Ft. Lauderdale", " Burma", " Bengaluru\n    "]
)

FAMOUS_CODES = tuple(
    ["TPE", "TSA", "KHH", "NRT", "HND", "KIX", "ITM", "FUK", "CTS", "NGO", "OKA", "ICN", "GMP", "PUS", "PEK", "PKX", "PVG", "SHA", "CAN", "SZX", "HKG", "MFM", "SIN", "KUL", "BKK", "DMK", "HKT", "CNX", "SGN", "HAN", "DAD", "MNL", "CEB", "CGK", "DPS", "DEL", "BOM", "BLR", "MAA", "CMB", "KTM", "DXB", "AUH", "DOH", "RUH", "JED", "IST", "SAW", "CAI", "CMN", "NBO", "JNB", "CPT", "LHR", "LGW", "STN", "LTN", "MAN", "EDI", "GLA", "DUB", "CDG", "ORY", "NCE", "LYS", "FRA", "MUC", "BER", "HAM", "DUS", "CGN", "VIE", "ZRH", "GVA", "AMS", "BRU", "CPH", "ARN", "OSL", "BGO", "HEL", "KEF", "WAW", "KRK", "PRG", "BUD", "OTP", "SOF", "ATH", "FCO", "CIA", "MXP", "LIN", "VCE", "NAP", "MAD", "BCN", "AGP", "PMI", "LIS", "OPO", "SVO", "DME", "LED", "JFK", "LGA", "EWR", "BOS", "PHL", "DCA", "IAD", "BWI", "ATL", "MIA", "FLL", "MCO", "TPA", "CLT", "ORD", "MDW", "DTW", "MSP", "STL", "DFW", "DAL", "IAH", "HOU", "AUS", "SAT", "DEN", "PHX", "LAS", "SLC", "LAX", "SFO", "SJC", "OAK", "SAN", "SNA", "BUR", "SEA", "PDX", "ANC", "HNL", "OGG", "YYZ", "YUL", "YVR", "YYC", "YOW", "MEX", "CUN", "GDL", "HAV", "SJU", "PUJ", "PTY", "BOG", "MDE", "UIO", "LIM", "SCL", "EZE", "AEP", "GRU", "GIG", "SYD", "MEL", "BNE", "PER", "ADL", "CNS", "AKL", "CHC", "WLG"]
)

STATIONS = tuple(
    name.strip()
    for name in """
    Penn Station, Grand Central, Grand Central Terminal, Union Station, South Station, King's Cross,
    King's Cross Station, Kings Cross, St Pancras, Euston, London Euston, Paddington, Victoria Station,
    Waterloo, Liverpool Street, London Bridge, Charing Cross, Manchester Piccadilly, Birmingham New
    Street, Edinburgh Waverley, Glasgow Central, Bristol Temple Meads, Leeds Station, Heuston,
    Connolly Station, Gare du Nord, Gare de Lyon, Gare de l'Est, Paris Montparnasse, Lyon Part-Dieu,
    Amsterdam Centraal, Rotterdam Centraal, Bruxelles-Midi, Brussels South, Berlin Hauptbahnhof,
    Berlin Hbf, München Hbf, Frankfurt Hauptbahnhof, Hamburg-Altona, Köln Hbf, Wien Hauptbahnhof,
    Zürich HB, Roma Termini, Milano Centrale, Firenze Santa Maria Novella, Venezia Santa Lucia,
    Napoli Centrale, Madrid Atocha, Barcelona Sants, Lisboa Oriente, Tokyo Station, Shin-Osaka,
    Shinjuku, Shinagawa, Ueno, Kyoto Station, Hakata, Taipei Main Station, Zuoying, Banqiao, Hongqiao,
    Beijing South, Beijing West, Guangzhou South, West Kowloon, Seoul Station, Busan Station,
    KL Sentral, Hua Lamphong, Port Authority, Port Authority Bus Terminal, Victoria Coach Station,
    Charles de Gaulle, Heathrow, Gatwick, Stansted, Luton, London City, London Heathrow, Heathrow
    Terminal 5, Orly, Schiphol, Tegel, Brandenburg Airport, Malpensa, Fiumicino, Barajas, El Prat,
    Arlanda, Gardermoen, Kastrup, Vantaa, Sheremetyevo, Domodedovo, Ataturk, Sabiha Gökçen, Narita,
    Haneda, Kansai, Itami, Incheon, Gimpo, Taoyuan, Taoyuan Airport, Songshan, Changi, Suvarnabhumi,
    Don Mueang, Chek Lap Kok, Pudong, Logan, Logan Airport, O'Hare, Chicago O'Hare, Midway, LaGuardia,
    La Guardia, Newark Liberty, Kennedy Airport, John F. Kennedy, Dulles, Reagan National, Love Field,
    Hartsfield-Jackson, Sky Harbor, Sea-Tac, Bradley, Hobby, John Wayne Airport, Pearson, Trudeau,
    Ezeiza, Guarulhos, Galeão, Kingsford Smith, Tullamarine
    """.replace("\n    ", " ").split(",")
)

PROVINCES_OF_CANADA = {
    "01": "AB",
    "02": "BC",
    "03": "MB",
    "04": "NB",
    "05": "NL",
    "07": "NS",
    "08": "ON",
    "09": "PE",
    "10": "QC",
    "11": "SK",
}

SHORT_COUNTRIES = {
    "US": ("USA", "US", "America"),
    "GB": ("UK", "England", "Scotland", "Wales"),
    "AE": ("UAE",),
    "CZ": ("Czech Republic",),
    "KR": ("South Korea", "Korea"),
    "NL": ("Holland", "Netherlands"),
    "TR": ("Turkey",),
    "CN": ("China",),
    "TW": ("Taiwan",),
    "CI": ("Ivory Coast",),
    "CD": ("Congo",),
}

COUNTRIES_WITH_THE = (
    *("Netherlands", "Philippines", "United States", "US", "USA", "United Kingdom", "UK", "UAE"),
    *("Maldives", "Bahamas", "Czech Republic", "Dominican Republic", "Canary Islands", "Gambia"),
    *("Seychelles", "Azores", "Big Apple", "Bay Area", "Cayman Islands", "Faroe Islands", "States"),
)

# --- in simplified characters -----------------------------------------------------------------

CHINESE_CITIES = tuple(
    ["台北", "高雄", "台中", "台南", "新竹", "嘉义", "花莲", "台东", "宜兰", "桃园", "基隆", "屏东", "苗栗", "彰化", "云林", "南投", "澎湖", "金门", "马祖", "垦丁", "新北", "板桥", "左营", "香港", "九龙", "澳门", "北京", "上海", "广州", "深圳", "天津", "重庆", "成都", "杭州", "南京", "武汉", "西安", "苏州", "郑州", "长沙", "沈阳", "青岛", "大连", "宁波", "厦门", "福州", "济南", "合肥", "昆明", "哈尔滨", "长春", "石家庄", "太原", "南昌", "南宁", "贵阳", "海口", "三亚", "兰州", "西宁", "银川", "乌鲁木齐", "呼和浩特", "拉萨", "无锡", "常州", "温州", "徐州", "佛山", "东莞", "珠海", "中山", "惠州", "汕头", "湛江", "桂林", "北海", "柳州", "丽江", "大理", "西双版纳", "香格里拉", "张家界", "九寨沟", "黄山", "景德镇", "洛阳", "开封", "烟台", "威海", "秦皇岛", "承德", "大同", "敦煌", "嘉峪关", "延吉", "吉林", "齐齐哈尔", "牡丹江", "佳木斯", "满洲里", "呼伦贝尔", "包头", "鄂尔多斯", "赤峰", "保定", "唐山", "邯郸", "廊坊", "沧州", "张家口", "临沂", "潍坊", "淄博", "泰安", "济宁", "日照", "扬州", "镇江", "南通", "盐城", "连云港", "淮安", "绍兴", "嘉兴", "湖州", "金华", "义乌", "台州", "丽水", "舟山", "衢州", "泉州", "漳州", "莆田", "龙岩", "三明", "南平", "武夷山", "赣州", "九江", "上饶", "宜春", "吉安", "宜昌", "襄阳", "荆州", "十堰", "恩施", "黄石", "岳阳", "衡阳", "株洲", "湘潭", "常德", "郴州", "怀化", "凤凰", "韶关", "梅州", "清远", "肇庆", "江门", "茂名", "阳江", "揭阳", "潮州", "遵义", "六盘水", "安顺", "铜仁", "凯里", "绵阳", "宜宾", "泸州", "乐山", "南充", "达州", "西昌", "攀枝花", "德阳", "自贡", "咸阳", "宝鸡", "延安", "汉中", "榆林", "天水", "酒泉", "张掖", "中卫", "喀什", "伊宁", "吐鲁番", "库尔勒", "阿勒泰", "和田", "林芝", "日喀则", "格尔木", "儋州", "万宁", "博鳌", "浦东", "虹桥", "首都", "大兴", "白云", "宝安", "萧山", "禄口", "双流", "天府", "咸阳", "江北", "黄花", "松山", "小港"]
)

CHINESE_FOREIGN_CITIES = tuple(
    ["东京", "大阪", "京都", "名古屋", "福冈", "札幌", "冲绳", "那霸", "神户", "横滨", "广岛", "仙台", "奈良", "北海道", "函馆", "金泽", "熊本", "鹿儿岛", "长崎", "成田", "羽田", "关西", "首尔", "釜山", "济州", "济州岛", "仁川", "大邱", "平壤", "新加坡", "吉隆坡", "槟城", "兰卡威", "沙巴", "马六甲", "亚庇", "曼谷", "清迈", "普吉岛", "普吉", "芭提雅", "苏梅岛", "甲米", "河内", "胡志明市", "岘港", "芽庄", "富国岛", "西贡", "马尼拉", "宿雾", "宿务", "长滩岛", "雅加达", "巴厘岛", "峇里岛", "泗水", "日惹", "金边", "暹粒", "吴哥窟", "万象", "琅勃拉邦", "仰光", "曼德勒", "新德里", "德里", "孟买", "加尔各答", "班加罗尔", "金奈", "科伦坡", "加德满都", "达卡", "卡拉奇", "拉合尔", "伊斯兰堡", "马累", "迪拜", "杜拜", "阿布扎比", "多哈", "杜哈", "利雅得", "吉达", "马斯喀特", "科威特", "安曼", "贝鲁特", "特拉维夫", "耶路撒冷", "德黑兰", "巴格达", "伊斯坦布尔", "伊斯坦堡", "安卡拉", "安塔利亚", "开罗", "卢克索", "卡萨布兰卡", "马拉喀什", "突尼斯", "阿尔及尔", "拉各斯", "阿克拉", "内罗毕", "奈洛比", "亚的斯亚贝巴", "桑给巴尔", "开普敦", "约翰内斯堡", "约翰尼斯堡", "毛里求斯", "塞舌尔", "伦敦", "曼彻斯特", "利物浦", "伯明翰", "爱丁堡", "格拉斯哥", "剑桥", "牛津", "都柏林", "贝尔法斯特", "巴黎", "尼斯", "里昂", "马赛", "波尔多", "图卢兹", "斯特拉斯堡", "戛纳", "柏林", "慕尼黑", "汉堡", "法兰克福", "科隆", "斯图加特", "杜塞尔多夫", "莱比锡", "德累斯顿", "海德堡", "维也纳", "萨尔茨堡", "因斯布鲁克", "苏黎世", "日内瓦", "巴塞尔", "伯尔尼", "卢塞恩", "琉森", "阿姆斯特丹", "鹿特丹", "海牙", "布鲁塞尔", "安特卫普", "布鲁日", "卢森堡", "哥本哈根", "斯德哥尔摩", "哥德堡", "奥斯陆", "卑尔根", "赫尔辛基", "罗瓦涅米", "雷克雅未克", "塔林", "里加", "维尔纽斯", "华沙", "克拉科夫", "布拉格", "布尔诺", "布达佩斯", "布拉迪斯拉发", "卢布尔雅那", "萨格勒布", "杜布罗夫尼克", "萨拉热窝", "贝尔格莱德", "索菲亚", "布加勒斯特", "雅典", "圣托里尼", "米科诺斯", "罗马", "米兰", "威尼斯", "佛罗伦萨", "翡冷翠", "那不勒斯", "都灵", "博洛尼亚", "比萨", "巴勒莫", "马德里", "巴塞罗那", "巴塞隆纳", "塞维利亚", "瓦伦西亚", "马拉加", "格拉纳达", "毕尔巴鄂", "里斯本", "波尔图", "马耳他", "莫斯科", "圣彼得堡", "海参崴", "伊尔库茨克", "基辅", "明斯克", "第比利斯", "埃里温", "巴库", "塔什干", "阿拉木图", "乌兰巴托", "纽约", "洛杉矶", "旧金山", "芝加哥", "休斯顿", "休士顿", "费城", "凤凰城", "圣地亚哥", "圣地牙哥", "达拉斯", "奥斯汀", "圣何塞", "西雅图", "丹佛", "华盛顿", "波士顿", "拉斯维加斯", "拉斯韦加斯", "波特兰", "底特律", "明尼阿波利斯", "亚特兰大", "迈阿密", "奥兰多", "坦帕", "新奥尔良", "匹兹堡", "克利夫兰", "夏洛特", "盐湖城", "圣路易斯", "檀香山", "火奴鲁鲁", "夏威夷", "茂宜岛", "安克雷奇", "关岛", "塞班岛", "塞班", "帛琉", "帕劳", "斐济", "多伦多", "蒙特利尔", "蒙特娄", "温哥华", "卡尔加里", "渥太华", "埃德蒙顿", "魁北克", "哈利法克斯", "墨西哥城", "坎昆", "瓜达拉哈拉", "哈瓦那", "圣胡安", "巴拿马城", "波哥大", "麦德林", "基多", "利马", "库斯科", "圣地亚哥", "布宜诺斯艾利斯", "蒙得维的亚", "圣保罗", "里约热内卢", "里约", "巴西利亚", "悉尼", "雪梨", "墨尔本", "布里斯班", "布里斯本", "珀斯", "伯斯", "阿德莱德", "凯恩斯", "黄金海岸", "堪培拉", "霍巴特", "奥克兰", "惠灵顿", "威灵顿", "基督城", "皇后镇", "大溪地"]
)

CHINESE_AIRPORTS = tuple(
    ["桃园机场", "桃园国际机场", "松山机场", "小港机场", "清泉岗机场", "浦东机场", "虹桥机场", "上海浦东国际机场", "上海虹桥", "首都机场", "北京首都国际机场", "大兴机场", "北京大兴", "白云机场", "广州白云机场", "宝安机场", "深圳宝安国际机场", "萧山机场", "双流机场", "天府机场", "江北机场", "禄口机场", "咸阳机场", "天河机场", "黄花机场", "长水机场", "高崎机场", "流亭机场", "胶东机场", "赤鱲角", "香港机场", "香港国际机场", "澳门机场", "成田机场", "羽田机场", "东京成田", "东京羽田", "关西机场", "关西国际机场", "中部国际机场", "新千岁机场", "仁川机场", "金浦机场", "首尔仁川", "樟宜机场", "素万那普机场", "廊曼机场", "希思罗机场", "盖特威克机场", "戴高乐机场", "巴黎戴高乐", "法兰克福机场", "史基浦机场", "肯尼迪机场", "纽约肯尼迪机场", "纽瓦克机场", "洛杉矶国际机场", "旧金山机场", "迪拜国际机场"]
)

CHINESE_STATIONS = tuple(
    ["北京南站", "北京西站", "北京北站", "上海虹桥站", "虹桥火车站", "上海南站", "广州南站", "广州东站", "深圳北站", "杭州东站", "南京南站", "武汉站", "汉口站", "武昌站", "长沙南站", "西安北站", "成都东站", "重庆北站", "重庆西站", "贵阳北站", "昆明南站", "郑州东站", "济南西站", "天津西站", "沈阳北站", "哈尔滨西站", "大连北站", "苏州北站", "合肥南站", "福州南站", "厦门北站", "南宁东站", "西九龙站", "红磡站", "台北车站", "台北火车站", "板桥车站", "左营站", "高铁左营站", "高铁台中站", "新竹车站", "台南火车站", "花莲车站", "台中转运站", "市府转运站", "东京站", "新大阪站", "京都站", "博多站", "上野站", "首尔站", "釜山站", "巴黎北站", "里昂车站", "国王十字车站", "慕尼黑中央车站", "米兰中央车站", "罗马特米尼车站"]
)

CHINESE_PROVINCES = tuple(
    ["中国", "台湾", "广东", "广东省", "江苏", "江苏省", "浙江", "浙江省", "山东", "山东省", "四川", "四川省", "湖南", "湖北", "河南", "河北", "福建", "福建省", "江西", "安徽", "云南", "云南省", "贵州", "广西", "海南", "辽宁", "吉林省", "黑龙江", "山西", "陕西", "甘肃", "青海", "新疆", "西藏", "内蒙古", "宁夏"]
)

CHINESE_COUNTRIES = tuple(
    ["日本", "韩国", "泰国", "越南", "马来西亚", "印尼", "印度尼西亚", "菲律宾", "柬埔寨", "缅甸", "印度", "尼泊尔", "斯里兰卡", "马尔代夫", "阿联酋", "土耳其", "埃及", "摩洛哥", "肯尼亚", "南非", "英国", "法国", "德国", "意大利", "义大利", "西班牙", "葡萄牙", "荷兰", "比利时", "瑞士", "奥地利", "丹麦", "瑞典", "挪威", "芬兰", "冰岛", "爱尔兰", "波兰", "捷克", "匈牙利", "克罗地亚", "希腊", "俄罗斯", "乌克兰", "格鲁吉亚", "美国", "加拿大", "墨西哥", "古巴", "巴西", "阿根廷", "智利", "秘鲁", "哥伦比亚", "澳大利亚", "澳洲", "新西兰", "纽西兰", "斐济"]
)
