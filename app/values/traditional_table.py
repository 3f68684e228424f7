"""Traditional characters → those of the rules; see `training/tables/traditional.py`."""

CHARACTERS = (
    "來係倆個傢兒內兩動勞卽厤唸噹國婦將尋嵗師後從復慶敎於時晝曆曉會樹歲歷歸淩現當禮箇節紀約緻繫聖聽臘與舊萬號衕裏裡複親許誕軍農迴這週過遲還鈡鍾鐘開間陰陽雙鞦韆頭馬黃點鼕齣",
    "来系俩个家儿内两动劳即历念当国妇将寻岁师后从复庆教于时昼历晓会树岁历归凌现当礼个节纪约致系圣听腊与旧万号同里里复亲许诞军农回这周过迟还钟钟钟开间阴阳双秋千头马黄点冬出",
)
TRADITIONAL = str.maketrans(*CHARACTERS)
