//! How likely bytes are in each encoding, by their different characters.

use std::collections::BTreeSet;

use super::alphabets::alphabetic;
use crate::model::TextEncoding;

/// The cost of one malformed or impossible character, as a log-likelihood.
const BROKEN: f64 = 16.0;
/// One in this many different characters may be broken, so that a damaged row does not rule out the file's encoding.
const PER_BROKEN: usize = 8;
/// The cost of an East Asian character inside a Latin word.
const INSIDE_WORD: f64 = 8.0;

// The most frequent characters in texts, names and headers of each language.

/// Simplified Chinese.
const SIMPLIFIED: &str = "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展科司五基眼书非则听白却界达光放强像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望术领共确传师清今切院让识带导争运姓称编号址客户话期备注预约时间件份证地电手机箱李刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁余叶蒋杜苏魏吕丁沈姜范江傅钟卢汪戴崔陆廖姚邱夏谭韦贾邹石熊孟秦阎薛侯雷段郝孔邵史毛常顾赖武康贺严尹钱施牛洪龚伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲芬燕彩春兰凤洁梅琳素云莲环雪荣爱妹香莺媛瑞凡佳嘉琼勤珍贞莉奶鹏飞宇浩凯健俊帆鑫波斌辉鸿博诚志思省县镇街巷弄楼室单元栋层合同签署审批申请部门职务收款付额度价率税发票银行账户卡城村组队网络技术有限责任股份集团贸易投资咨询服务科研";

/// Traditional Chinese.
const TRADITIONAL: &str = "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展科司五基眼書非則聽白卻界達光放強像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望術領共確傳師清今切院讓識帶導爭運姓稱編號址客戶期備註預約份證箱李劉陳楊黃趙吳周徐孫馬朱胡郭林羅鄭梁謝宋唐鄧馮韓曹曾彭蕭蔡潘田董袁余葉蔣杜蘇魏呂丁沈姜范江傅鐘鍾盧汪戴崔陸廖姚邱夏譚韋賈鄒石熊孟秦閻薛侯雷段郝孔邵史毛顧賴武康賀嚴尹錢施牛洪龔偉芳娜敏靜麗磊洋勇艷杰傑娟濤超秀霞剛桂英華玉萍紅玲芬燕彩春蘭鳳潔梅琳素雲蓮環雪榮愛香瑞凡佳嘉瓊勤珍貞莉鵬飛宇浩凱健俊帆鑫波斌輝鴻博誠志怡君雅婷淑惠美宜佩欣縣鎮街巷弄樓室鄉村里鄰段號之請於午點半身分證件櫃檯攜帶辦理收款付額價率稅票銀行帳戶卡簽署審批申請職務網路技術有限責任股份集團貿易投資諮詢服務研究臺台灣新北桃園高雄竹苗栗彰化雲林義屏宜花蓮";

/// Korean.
const HANGUL: &str = "이다는의에을가고를하은로한도지서사기자대인일시어리나정아부수전제보그해원니라장주과상성들조구만년유용국면여요세동신있것우관습문비적무중스와연게공경모러오회생진학내된안역선실방계명간거위등소당분민본출단재업물치양화개교까반입터차점관체했결남영식월행음직저각금호약번객고순김박최강윤임한권황송전홍류문손배백허심노하곽주구현민준지은혜희경숙미영정수예약시간비번호이름주소연락처메모확신증방문가십오삼사육칠팔구";

/// Kanji.
const KANJI: &str = "日一国人年大十二本中長出三時行見月後前生五間上東四今金九入学高円子外八六下来気小七山話女北午百書先名川千水半男西電校語土木聞食車何南万毎白天母火右読友左休父雨会社事自地者分方場員立開手力問代明動京目通言理体田主題意不作用度強公持野以思家世多正安院心界教文元重近考画海売知道集別物使品計死特私始朝運終台広住無真有口少町料工建空急止送切転研足究楽起着店病質待試族銀早映親験英医仕去味写字答夜音注帰古歌買悪図週室歩風紙黒花春赤青館屋色走秋夏習駅洋旅服夕借曜飲肉貸堂鳥飯勉冬昼茶弟牛魚兄犬妹姉漢佐藤鈴木高橋田中渡辺伊藤山本中村小林加藤吉田山田佐々木山口松本井上斎藤清水斉池橋阿部森石川島岡福原和竹内遠近坂谷崎増宮柴酒谷今河丸岩神野平杉新太郎美恵由香陽翔健大輔拓也真奈愛優子直樹浩一裕介様顧客番号氏住所連絡先予約日時備考電話確認書類都道府県市区町村郡丁目番地号室階株式会社有限契約金額部課長担当希望変更登録済未完了件数合計";

/// Bytes read in one encoding.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Candidate {
    pub(super) encoding: TextEncoding,
    pub(super) text: String,
    /// Number of different characters beyond ASCII.
    pub(super) distinct: usize,
    /// The log-likelihood of these characters.
    pub(super) score: f64,
}

/// The possible encodings of bytes that are not UTF-8, the likeliest first. Encodings that give no plausible text are
/// left out.
pub(super) fn candidates(bytes: &[u8]) -> Vec<Candidate> {
    let tried = TextEncoding::ALL.into_iter().filter(|one| !one.is_wide() && *one != TextEncoding::Utf8);
    let mut all: Vec<Candidate> = tried.filter_map(|one| as_text(one, bytes)).collect();
    all.sort_by(|one, other| other.score.total_cmp(&one.score));
    all
}

fn as_text(encoding: TextEncoding, bytes: &[u8]) -> Option<Candidate> {
    let text = encoding.decode(bytes).into_owned();
    let distinct: BTreeSet<char> = text.chars().filter(|c| !c.is_ascii()).collect();
    if encoding.is_single() {
        let score = alphabetic(encoding, &text, &distinct)?;
        return Some(Candidate { encoding, distinct: distinct.len(), text, score });
    }
    let broken = text.chars().filter(|c| is_broken(*c)).count() + misplaced(&text);
    if distinct.is_empty() || broken > distinct.len() / PER_BROKEN {
        return None;
    }
    let is_half = |c: &char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    // Bank files write names in half-width katakana only.
    let score = if distinct.iter().all(is_half) && encoding == TextEncoding::ShiftJis {
        -4.0 - 4.2 * distinct.len() as f64
    } else {
        distinct.iter().map(|c| weight(encoding, *c)).sum()
    };
    let score = score - BROKEN * broken as f64 - INSIDE_WORD * inside_words(&text).min(distinct.len()) as f64;
    Some(Candidate { encoding, distinct: distinct.len(), text, score })
}

/// Replacements, controls, private characters, and characters that nobody types into a spreadsheet.
fn is_broken(c: char) -> bool {
    matches!(c, '\u{fffd}' | '\u{80}'..='\u{9f}' | '\u{e000}'..='\u{f8ff}' | '\u{2500}'..='\u{259f}' | '\u{3100}'..='\u{312f}')
        || (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r'))
        || u32::from(c) >= 0xf0000
}

/// Number of runs of half-width katakana that begin with a mark which must follow another character.
fn misplaced(text: &str) -> usize {
    let follows =
        |c: char| matches!(c, '\u{ff61}' | '\u{ff63}'..='\u{ff65}' | '\u{ff67}'..='\u{ff70}' | '\u{ff9e}' | '\u{ff9f}');
    let is_half = |c: char| matches!(c, '\u{ff61}'..='\u{ff9f}');
    text.split(|c| !is_half(c)).filter(|run| run.starts_with(follows)).count()
}

/// Number of single East Asian characters between Latin letters of which one is lower case: `M黮ler`.
fn inside_words(text: &str) -> usize {
    let mut before = [' ', ' '];
    let mut found = 0;
    for c in text.chars() {
        let [first, middle] = before;
        let letters = first.is_ascii_alphabetic() && c.is_ascii_alphabetic();
        let small = first.is_ascii_lowercase() || c.is_ascii_lowercase();
        found += usize::from(letters && small && u32::from(middle) > 0x2e80);
        before = [middle, c];
    }
    found
}

/// The rough log-frequency of a character in an encoding's language, by how common its part of the encoding is and how
/// many characters share it.
fn weight(encoding: TextEncoding, c: char) -> f64 {
    if matches!(c, '\u{3000}'..='\u{3020}' | '\u{ff01}'..='\u{ff5e}' | '\u{2010}'..='\u{2027}' | '\u{b7}' | '\u{d7}') {
        return -7.0;
    }
    let mut buffer = [0; 4];
    let bytes = encoding.encoding().encode(c.encode_utf8(&mut buffer)).0;
    let pair =
        |lead: std::ops::RangeInclusive<u8>, from: u8| bytes.len() == 2 && lead.contains(&bytes[0]) && bytes[1] >= from;
    if matches!(encoding, TextEncoding::ShiftJis | TextEncoding::EucJp | TextEncoding::Iso2022Jp) {
        return japanese(c);
    }
    let parts = if encoding == TextEncoding::Gb18030 {
        [(SIMPLIFIED.contains(c), -6.3), (pair(0xb0..=0xd7, 0xa1), -9.6), (pair(0xa1..=0xf7, 0xa1), -12.0)]
    } else if encoding == TextEncoding::Big5 {
        [(TRADITIONAL.contains(c), -6.3), (pair(0xa4..=0xc6, 0x40), -9.8), (pair(0xa1..=0xf9, 0x40), -12.9)]
    } else {
        [(HANGUL.contains(c), -5.3), (pair(0xb0..=0xc8, 0xa1), -9.0), (pair(0xca..=0xfd, 0xa1), -13.0)]
    };
    parts.into_iter().find(|(is, _)| *is).map_or(-14.5, |(_, weight)| weight)
}

fn japanese(c: char) -> f64 {
    match c {
        '\u{3041}'..='\u{3096}' => -5.2,
        '\u{30a1}'..='\u{30fc}' => -6.0,
        _ if KANJI.contains(c) => -6.5,
        '\u{ff61}'..='\u{ff9f}' => -10.0,
        _ => {
            let mut buffer = [0; 4];
            let bytes = encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut buffer)).0;
            match bytes.first() {
                Some(0x88..=0x98) if bytes.len() == 2 => -9.5,
                Some(0x81..=0x9f | 0xe0..=0xea) if bytes.len() == 2 => -13.0,
                _ => -14.5,
            }
        }
    }
}
