extension Setter {
    /// Organ, rules, number, title and addressee.
    mutating func setHead() throws(TypesettingError) {
        switch document.style {
        case .notice: try setLetterHead()
        case .form: try setPlainHead()
        }
        if let addressee = document.addressee {
            let colon = NoticeWords.colon(in: addressee.language)
            let layout = try layout(
                addressee.string + colon, measures.body, in: addressee.language, width: measures.measure)
            let paragraph = element("P")
            appendLines(of: layout, elements: [paragraph], keepsWithNext: true)
        }
    }

    /// The letter form of GB/T 9704, 10.1: red organ, a thick and a thin red rule 170 mm wide, number flush right.
    private mutating func setLetterHead() throws(TypesettingError) {
        for organ in document.organ { try setOrgan(organ) }
        let (from, to) = (measures.longRule.from - measures.left, measures.longRule.to - measures.left)
        append(
            Strip(
                height: 12, space: 6,
                marks: [
                    .rule(fromX: from, fromY: 1, toX: to, toY: 1, width: 2.2, ink: .official),
                    .rule(fromX: from, fromY: 4.2, toX: to, toY: 4.2, width: 0.7, ink: .official),
                ]))
        if let number = document.number {
            let layout = try layout(
                number, measures.number, in: document.language, width: measures.measure, alignment: .trailing)
            let paragraph = element("P")
            appendLines(of: layout, elements: [paragraph])
        }
        try setTitles(space: 22)
        append(Strip(height: 14))
    }

    private mutating func setPlainHead() throws(TypesettingError) {
        for organ in document.organ {
            let layout = try layout(
                organ.string, measures.organ, in: organ.language, width: measures.measure, alignment: .center)
            let paragraph = element("P")
            appendLines(of: layout, elements: [paragraph])
        }
        try setTitles(space: 4)
        if let number = document.number {
            let layout = try layout(
                number, measures.number, in: document.language, width: measures.measure, alignment: .trailing)
            let paragraph = element("P")
            appendLines(of: layout, space: 4, elements: [paragraph])
        }
        append(Strip(height: 6))
    }

    /// The organ's name on one line, as large as fits (GB/T 9704: 以醒目、美观、庄重为原则).
    private mutating func setOrgan(_ organ: NoticeText) throws(TypesettingError) {
        var style = measures.organ
        if organ.language != .zh { style.size *= 0.6 }
        let characters = Double(organ.string.count)
        if organ.language == .zh, characters < 12 { style.spacing = style.size * min(0.35, 1.2 / max(1, characters)) }
        let natural = try layout(organ.string, style, in: organ.language).width
        if natural > measures.measure {
            style.spacing = 0
            style.size = max(16, style.size * measures.measure / natural)
        }
        style.pitch = style.size * 1.35
        let layout = try layout(organ.string, style, in: organ.language, width: measures.measure, alignment: .center)
        let heading = element("P")
        appendLines(of: layout, elements: [heading], keepsWithNext: true)
    }

    /// Titles of more than one line are broken into lines of about equal length (词意完整、排列对称).
    private mutating func setTitles(space: Double) throws(TypesettingError) {
        for (index, title) in document.title.enumerated() {
            var style = measures.title
            if index > 0 { style.size *= 0.7; style.pitch *= 0.75 }
            if title.language == .zh, title.string.count <= 5 { style.spacing = style.size * 0.4 }
            let natural = try layout(title.string, style, in: title.language).width
            let lines = (natural / measures.measure).rounded(.up)
            let width = lines > 1 ? min(measures.measure, natural / lines + style.size * 1.2) : measures.measure
            let layout = try layout(title.string, style, in: title.language, width: width, alignment: .center)
            let heading = element(index == 0 ? "H1" : "P")
            appendLines(
                of: layout, at: (measures.measure - width) / 2, space: index == 0 ? space : 0, elements: [heading],
                keepsWithNext: true)
        }
    }
}
