import Kernel

/// Which passwords are taken: long enough, not among the first an attacker tries, without the login in them.
/// No demand for classes of characters (NIST SP 800-63B); length counts.
enum PasswordRules {
    static let residentLength = 8
    static let staffLength = 10
    static let longest = 128
    /// So many former passwords of staff may not come back.
    static let history = 5

    /// What is wrong with a password; nil where nothing is.
    static func fault(of password: String, shortest: Int, not known: [String]) -> Message? {
        let count = password.count
        if count < shortest {
            return Message("identity.password.short", ["least": String(shortest), "count": String(count)])
        }
        if password.utf8.count > longest * 4 || count > longest {
            return Message("identity.password.long", ["most": String(longest)])
        }
        let plain = password.lowercased()
        if isWeak(plain) { return Message("identity.password.weak") }
        for part in known.map({ $0.lowercased() }) where part.count >= 4 && plain.contains(part) {
            return Message("identity.password.known")
        }
        return nil
    }

    private static func isWeak(_ plain: String) -> Bool {
        if Set(plain).count < 4 { return true }
        if runs.contains(where: { $0.contains(plain) }) { return true }
        // 11223344, aabbccdd.
        let single = plain.reduce(into: "") { text, character in if text.last != character { text.append(character) } }
        if single.count < plain.count, runs.contains(where: { $0.contains(single) }) { return true }
        if habits.contains(where: plain.contains), plain.filter(\.isLetter).count <= 3 { return true }
        // A common word with digits or signs around it is as weak as the word.
        let core = plain.filter(\.isLetter)
        if !core.isEmpty, weak.contains(core) { return true }
        // p@ssw0rd
        if weak.contains(String(plain.map { disguises[$0] ?? $0 }).filter(\.isLetter)) { return true }
        let digits = plain.filter(\.isNumber)
        if isDate(digits), plain.count - digits.count <= 2 { return true }
        return isRepeated(plain)
    }

    /// 19900101 and the like.
    private static func isDate(_ text: String) -> Bool {
        guard text.utf8.count == 8, let number = Int(text) else { return false }
        return CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
            .map { (1900...2100).contains($0.year) } ?? false
    }

    /// 123123123, abcabcabc.
    private static func isRepeated(_ text: String) -> Bool {
        let characters = Array(text)
        return (1...max(1, characters.count / 2)).contains { length in
            characters.count > length
                && characters.indices.allSatisfy { characters[$0] == characters[$0 % length] }
        }
    }

    private static let runs: [String] = {
        let rows = [
            "01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm", "1q2w3e4r5t6y7u8i9o0p", "!@#$%^&*()", "qazwsxedcrfvtgbyhnujm",
        ]
        return rows + rows.map { String($0.reversed()) }
    }()

    /// Numbers that many people take for their own idea: love in numbers, patterns of the keypad.
    private static let habits = [
        "5201314", "1314520", "521521", "520520", "147258", "258369", "741852", "852963", "159753", "753159", "159357",
        "789456", "456123", "142536", "123321", "112233", "123123", "666888", "888666", "168168", "518518", "001122",
    ]

    private static let disguises: [Character: Character] = [
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "!": "i",
    ]

    private static let weak: Set<String> = [
        "a", "aa", "aaa", "abc", "abcd", "abcdef", "admin", "administrator", "asd", "asdf", "asdfgh", "asdfghjkl",
        "china",
        "dragon", "football", "hello", "iloveyou", "letmein", "login", "master", "monkey", "pass", "passw", "passwd",
        "password", "passwort", "q", "qaz", "qazwsx", "qq", "qwe", "qwer", "qwert", "qwerty", "qwertyuiop", "root",
        "secret", "sunshine", "system", "tongban", "user", "welcome", "woaini", "wo", "x", "z", "zaq", "zhangsan",
        "zxc",
        "zxcv", "zxcvbn", "zxcvbnm", "zhengwu", "shenpi", "gov", "test", "guest", "default", "changeme", "princess",
        "p",
        "pw", "pwd", "ssw", "mima", "caonima", "nihao", "shouji", "gongzuo", "zhongguo", "beijing", "chengdu",
        "chongqing", "qingdao", "shanghai", "guangzhou", "shenzhen", "tianjin", "wuhan", "xiangyang", "jinniu",
        "licang",
        "yaan", "wang", "li", "zhang", "liu", "chen", "yang", "zhao", "huang", "zhou", "wu", "xu", "sun", "ma", "zhu",
        "hu",
        "guo", "he", "lin", "gao", "luo", "zheng", "liang", "xie", "song", "tang", "deng", "han", "feng", "cao", "peng",
        "zeng", "xiao", "tian", "dong", "pan", "yuan", "cai", "jiang", "yu", "du", "ye", "cheng", "wei", "su", "lu",
        "ding",
        "woaiwojia", "wodemima", "ceshi", "guanliyuan", "yonghu", "dengl", "xinxi", "zhengfu", "zhengwufuwu",
        "computer",
        "internet", "michael", "jordan", "superman", "batman", "shadow", "killer", "freedom", "whatever", "trustno",
        "starwars", "baseball", "asdasd", "qweqwe", "qweasd", "qweasdzxc", "zxczxc", "aaaa", "abcabc", "abcdefg",
        "abcdefgh", "iloveu", "loveyou", "love", "baby", "angel", "summer", "winter", "spring", "autumn", "apple",
        "samsung", "huawei", "xiaomi", "alibaba", "tencent", "weixin", "taobao", "baidu", "server", "oracle", "mysql",
        "manager", "staff", "office", "public", "private", "temp", "demo", "new", "newpass", "mypass", "mypassword",
    ]
}
