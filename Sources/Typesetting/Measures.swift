/// Lengths are points (1/72 inch) from the top left corner of the sheet unless said otherwise.
func millimetres(_ value: Double) -> Double { value * 72 / 25.4 }

/// A colour of ink; only three are used.
struct Ink: Hashable {
    let red: Double
    let green: Double
    let blue: Double

    static let black = Ink(red: 0, green: 0, blue: 0)
    /// The red of official headings (GB/T 9704: 红色, C0 M100 Y100 K0).
    static let official = Ink(red: 0.82, green: 0.04, blue: 0.06)
    static let grey = Ink(red: 0.35, green: 0.35, blue: 0.35)
    static let watermark = Ink(red: 0.9, green: 0.9, blue: 0.9)
}

/// Size, line pitch and ink of a text.
struct TypeStyle: Hashable {
    /// Points.
    var size: Double
    /// Points from baseline to baseline in Chinese and English.
    var pitch: Double
    /// Drawn heavier: headings (小标宋, 黑体).
    var strong = false
    var ink = Ink.black
    /// Points between characters.
    var spacing = 0.0

    /// Tibetan and Yi letters reach higher and lower.
    func pitch(in language: NoticeLanguage) -> Double {
        switch language {
        case .zh, .en: pitch
        case .bo: max(pitch, size * 1.9)
        case .ii: max(pitch, size * 1.7)
        }
    }
}

/// The sheet and the sizes on it.
struct Measures {
    let width = millimetres(210)
    let height = millimetres(297)
    let left: Double
    let right: Double
    let firstTop: Double
    let top: Double
    let bottom = millimetres(261)
    let organ: TypeStyle
    let title: TypeStyle
    let number: TypeStyle
    let body: TypeStyle
    let heading: TypeStyle
    let cell: TypeStyle
    let note: TypeStyle
    let footer = TypeStyle(size: 9, pitch: 13.5, ink: .grey)
    let hairline = 0.5

    /// Width of the text area: 156 mm in a notice (GB/T 9704, 5.2).
    var measure: Double { width - left - right }

    /// The rules at head and foot of a notice: 170 mm, centred on the sheet (GB/T 9704, 10.1). From the sheet's left edge.
    var longRule: (from: Double, to: Double) {
        ((width - millimetres(170)) / 2, (width + millimetres(170)) / 2)
    }

    init(_ style: NoticeDocument.Style) {
        switch style {
        case .notice:
            // 28 characters of 3号 a line and 22 lines a page (GB/T 9704, 5.2.3).
            left = millimetres(28)
            right = millimetres(26)
            firstTop = millimetres(30)
            top = millimetres(37)
            organ = TypeStyle(size: 30, pitch: 40, strong: true, ink: .official)
            title = TypeStyle(size: 22, pitch: 34, strong: true)
            number = TypeStyle(size: 14, pitch: 22)
            body = TypeStyle(size: 16, pitch: 28.95)
            heading = TypeStyle(size: 16, pitch: 28.95, strong: true)
            cell = TypeStyle(size: 12, pitch: 18)
            note = TypeStyle(size: 12, pitch: 19)
        case .form:
            left = millimetres(20)
            right = millimetres(20)
            firstTop = millimetres(18)
            top = millimetres(20)
            organ = TypeStyle(size: 14, pitch: 22)
            title = TypeStyle(size: 22, pitch: 34, strong: true)
            number = TypeStyle(size: 10.5, pitch: 18)
            body = TypeStyle(size: 12, pitch: 21)
            heading = TypeStyle(size: 12, pitch: 22, strong: true)
            cell = TypeStyle(size: 10.5, pitch: 16)
            note = TypeStyle(size: 9, pitch: 14)
        }
    }
}
